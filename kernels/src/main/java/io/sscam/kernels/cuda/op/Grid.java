package io.sscam.kernels.cuda.op;

/** Sizes of grids. */
final class Grid {
  /** Threads of a block, where a kernel has no reason for another number. */
  static final int BLOCK = 256;

  /** Kernels whose threads stride over the work get at most so many blocks. */
  private static final long ENOUGH = 1 << 16;

  private static final int QUAD = 4;
  private static final int MOST_YZ = 65535;

  private Grid() {}

  /** Blocks for one thread an element; the threads stride over what is beyond. */
  static long strided(long elements) {
    return Math.max(1, Math.min(ENOUGH, (elements + BLOCK - 1) / BLOCK));
  }

  /**
   * Blocks for one thread for 4 pixels of a plane.
   *
   * @throws IllegalArgumentException if the plane has 2³¹ pixels or more, which the kernels' int
   *     arithmetic does not reach
   */
  static long quads(long height, long width) {
    if (Math.multiplyExact(height, width) >= 1L << 31) {
      throw new IllegalArgumentException("a plane of " + height + "×" + width + " is too large");
    }
    return quads(height * width);
  }

  /** Blocks for one thread for 4 elements. */
  static long quads(long elements) {
    return Math.max(1, (elements + (long) BLOCK * QUAD - 1) / (BLOCK * QUAD));
  }

  /** Rows of the grid; a kernel strides over what is beyond. */
  static int rows(int rows) {
    return Math.max(1, Math.min(MOST_YZ, rows));
  }
}
