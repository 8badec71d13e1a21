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

  /** Blocks that a multiprocessor has room for at once, and should get at least. */
  private static final int RESIDENT = 4;

  /**
   * What a block does before its first row, in rows: of perturb_and_mask's instructions for sm_90
   * 364 come before the first picture and some 445 are made for each.
   */
  private static final double PROLOGUE = 0.8;

  private static final int LONGEST_RUN = 8;
  private static final long LARGEST_MAP = 1L << 30;
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

  /**
   * Blocks for one thread for {@code together} elements; the threads stride over what is beyond.
   */
  static long strided(long elements, int together) {
    return strided((elements + together - 1) / together);
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
   *     comes from, is 2³¹ or more, or the map 4 GiB
   */
  static void fits(int h, int w, int height, int width) {
    long largest = Math.max((long) height * width, Math.max((long) h * height, (long) w * width));
    if (largest > Integer.MAX_VALUE || (long) h * w >= LARGEST_MAP) {
      throw new IllegalArgumentException(
          h + "×" + w + " upsampled to " + height + "×" + width + " is too large");
    }
  }

  /**
   * Rows of a grid of {@code blocks} columns, over which {@code rows} are spread: one a row, or
   * runs of several, which share a block's prologue. Of the runs that leave every multiprocessor
   * enough blocks it takes the one with which the busiest multiprocessor has the least to do.
   */
  static int runs(long blocks, int rows, int multiprocessors) {
    long best = rows;
    double least = Double.POSITIVE_INFINITY;
    for (int run = 1; run <= Math.min(LONGEST_RUN, rows); run++) {
      long runs = (rows + run - 1L) / run;
      long grid = Math.multiplyExact(blocks, runs);
      long busiest = (grid + multiprocessors - 1) / multiprocessors;
      double work = busiest * (run + PROLOGUE);
      if (work < least && grid >= (long) RESIDENT * multiprocessors) {
        best = runs;
        least = work;
      }
    }
    return (int) Math.min(MOST_YZ, best);
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
