package io.sscam.kernels.cuda.op;

import java.util.Arrays;

/** Sizes of grids, and what the kernels ask of sizes and addresses. */
final class Grid {
  /** Threads of a block, where a kernel has no reason for another number. */
  static final int BLOCK = 256;

  /** Elements that a thread takes at once: a float32's 16 bytes, and the normals of a block. */
  static final int QUAD = 4;

  /** Kernels whose threads stride over the work get at most so many blocks. */
  private static final long ENOUGH = 1 << 16;

  private static final int MOST_YZ = 65535;

  /** Blocks a multiprocessor should get before one takes more than a row: several full rounds. */
  private static final int BUSY = 24;

  private static final int LONGEST_RUN = 8;
  private static final long ALIGNMENT = 16;

  private Grid() {}

  /** Blocks for one thread an element; the threads stride over what is beyond. */
  static long strided(long elements) {
    return Math.max(1, Math.min(ENOUGH, (elements + BLOCK - 1) / BLOCK));
  }

  /** Blocks for one thread for 4 elements. */
  static long quads(long elements) {
    return quads(elements, BLOCK);
  }

  /** Blocks of {@code block} threads for one thread for 4 elements. */
  static long quads(long elements, int block) {
    long each = (long) block * QUAD;
    return Math.max(1, (elements + each - 1) / each);
  }

  /** Blocks for one thread for 4 pixels of a plane upsampled from h × w, whose sizes it checks. */
  static long quads(int h, int w, int height, int width, int block) {
    fits(h, w, height, width);
    return quads((long) height * width, block);
  }

  /**
   * Refuses what the kernels' 32-bit arithmetic does not reach.
   *
   * @throws IllegalArgumentException if the upsampled plane, or one of its sides times the side it
   *     comes from, is 2³¹ or more
   */
  static void fits(int h, int w, int height, int width) {
    long largest = Math.max((long) height * width, Math.max((long) h * height, (long) w * width));
    if (largest > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          h + "×" + w + " upsampled to " + height + "×" + width + " is too large");
    }
  }

  /**
   * Rows of a grid of {@code blocks} columns, over which {@code rows} are spread: one a row, or
   * where that is more than enough to keep the device busy, runs of several, which share work.
   */
  static int runs(long blocks, int rows, int multiprocessors) {
    long run = Math.multiplyExact(blocks, (long) rows) / ((long) BUSY * multiprocessors);
    run = Math.max(1, Math.min(LONGEST_RUN, run));
    return (int) Math.min(MOST_YZ, (rows + run - 1) / run);
  }

  /** Rows of the grid; a kernel strides over what is beyond. */
  static int rows(int rows) {
    return Math.min(MOST_YZ, rows);
  }

  /**
   * Refuses sizes below 1.
   *
   * @throws IllegalArgumentException that names the sizes
   */
  static void positive(long... sizes) {
    for (long size : sizes) {
      if (size < 1) {
        throw new IllegalArgumentException("sizes below 1 among " + Arrays.toString(sizes));
      }
    }
  }

  /**
   * Refuses a slice of channels that does not lie in the whole.
   *
   * @throws IllegalArgumentException that names the channels
   */
  static void slice(int channels, int whole, int offset) {
    if (offset < 0 || (long) offset + channels > whole) {
      throw new IllegalArgumentException(
          channels + " channels from " + offset + " on do not lie in " + whole);
    }
  }

  /**
   * Refuses addresses that do not allow loads and stores of 16 bytes.
   *
   * @throws IllegalArgumentException that names the address
   */
  static void aligned(long... addresses) {
    for (long address : addresses) {
      if (address % ALIGNMENT != 0) {
        throw new IllegalArgumentException(
            "the address 0x" + Long.toHexString(address) + " is no multiple of " + ALIGNMENT);
      }
    }
  }
}
