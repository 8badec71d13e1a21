package io.sscam.nets;

import java.util.Arrays;

/**
 * A decoded picture: 8-bit sRGB samples, interleaved R G B, row by row from the top left.
 * Immutable.
 *
 * <p>Sample (x, y, c) stands at {@code (y * width + x) * 3 + c}.
 */
public final class RgbImage {
  /** The longest side that a picture may have; longer ones are no pictures, and cost memory. */
  public static final int MAX_SIDE = 1 << 20;

  /** The most pixels that one Java array of three bytes a pixel holds. */
  public static final long MAX_PIXELS = (Integer.MAX_VALUE - 8) / 3;

  private final int width;
  private final int height;
  private final byte[] samples;

  private RgbImage(int width, int height, byte[] samples) {
    this.width = width;
    this.height = height;
    this.samples = samples;
  }

  /**
   * A picture around an array, which is given away: the caller must not touch it any more. This
   * saves the copy of what may be hundreds of megabytes.
   *
   * @param width pixels across, at least 1
   * @param height pixels down, at least 1
   * @param samples {@code height × width × 3} bytes
   * @throws IllegalArgumentException if a side or the number of samples does not fit
   */
  public static RgbImage wrap(int width, int height, byte[] samples) {
    long expected = checkedPixels(width, height) * 3;
    if (samples.length != expected) {
      throw new IllegalArgumentException(
          "a picture of %d×%d has %d samples, not %d"
              .formatted(width, height, expected, samples.length));
    }
    return new RgbImage(width, height, samples);
  }

  /**
   * A picture of one colour.
   *
   * @param rgb the colour as 0xRRGGBB
   * @throws IllegalArgumentException if a side does not fit
   */
  public static RgbImage filled(int width, int height, int rgb) {
    byte[] samples = new byte[Math.toIntExact(checkedPixels(width, height) * 3)];
    for (int i = 0; i < samples.length; i += 3) {
      samples[i] = (byte) (rgb >> 16);
      samples[i + 1] = (byte) (rgb >> 8);
      samples[i + 2] = (byte) rgb;
    }
    return new RgbImage(width, height, samples);
  }

  /**
   * Refuses sizes that no picture can have.
   *
   * @throws IllegalArgumentException if a side or the number of samples does not fit
   */
  public static void requirePossible(int width, int height) {
    checkedPixels(width, height);
  }

  private static long checkedPixels(int width, int height) {
    long pixels = (long) width * height;
    if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE || pixels > MAX_PIXELS) {
      throw new IllegalArgumentException("no picture can be %d×%d".formatted(width, height));
    }
    return pixels;
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** The pixel as 0xRRGGBB; x counts from the left, y from the top. */
  public int rgb(int x, int y) {
    if (x < 0 || x >= width || y < 0 || y >= height) {
      throw new IndexOutOfBoundsException(
          "pixel (%d, %d) of a picture of %d×%d".formatted(x, y, width, height));
    }
    int at = (y * width + x) * 3;
    return (samples[at] & 255) << 16 | (samples[at + 1] & 255) << 8 | (samples[at + 2] & 255);
  }

  /** A copy of the samples, {@code height × width × 3}. */
  public byte[] toArray() {
    return samples.clone();
  }

  /**
   * Copies one row of samples into an array.
   *
   * @param into receives {@code width × 3} bytes from {@code offset} on
   */
  public void copyRow(int y, byte[] into, int offset) {
    System.arraycopy(samples, y * width * 3, into, offset, width * 3);
  }

  /** The samples themselves; only for code of this package, which does not write to them. */
  byte[] samples() {
    return samples;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RgbImage image
        && width == image.width
        && Arrays.equals(samples, image.samples);
  }

  @Override
  public int hashCode() {
    return 31 * width + Arrays.hashCode(samples);
  }

  @Override
  public String toString() {
    return "RgbImage[%d×%d]".formatted(width, height);
  }
}
