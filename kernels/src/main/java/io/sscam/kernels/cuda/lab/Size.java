package io.sscam.kernels.cuda.lab;

/**
 * What an operation is tried on; each uses some of these.
 *
 * @param k maps
 * @param h rows of a map
 * @param w columns of a map
 * @param c channels of the picture
 * @param height H of the picture
 * @param width W of the picture
 * @param first the first pair of channel and sample
 * @param count pairs
 * @param samples N, pairs of a channel
 */
record Size(int k, int h, int w, int c, int height, int width, int first, int count, int samples) {

  /** Maps alone. */
  static Size maps(int k, int h, int w) {
    return new Size(k, h, w, 1, 1, 1, 0, 1, 1);
  }

  /** A picture alone. */
  static Size picture(int c, int height, int width) {
    return new Size(1, 1, 1, c, height, width, 0, 1, 1);
  }

  /** Maps and the size that they are brought to. */
  static Size upsampled(int k, int h, int w, int height, int width) {
    return new Size(k, h, w, 1, height, width, 0, 1, 1);
  }

  Size pairs(int channels, int newFirst, int newCount, int newSamples) {
    return new Size(k, h, w, channels, height, width, newFirst, newCount, newSamples);
  }

  /** h·w. */
  int cells() {
    return Math.multiplyExact(h, w);
  }

  /** H·W. */
  int pixels() {
    return Math.multiplyExact(height, width);
  }

  /** C·H·W. */
  int elements() {
    return Math.multiplyExact(c, pixels());
  }
}
