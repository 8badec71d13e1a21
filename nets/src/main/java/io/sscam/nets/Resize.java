package io.sscam.nets;

import java.util.Arrays;

/**
 * Antialiased bilinear resizing, equal to Pillow's {@code Image.resize(size, BILINEAR)} to the
 * byte: a triangle filter as wide as the reduction, in fixed point, all rows first, rounded to 8
 * bits, then all columns (Pillow, {@code src/libImaging/Resample.c}).
 *
 * <p>For output position i of an axis of n_in → n_out: {@code scale = n_in / n_out}, {@code f =
 * max(scale, 1)}, {@code c = (i + 0.5) scale}; input j weighs {@code max(0, 1 - |j - c + 0.5| /
 * f)}, divided by the sum of the weights, as an integer over 2²².
 */
public final class Resize {
  private static final int FRACTION_BITS = 22;
  private static final int HALF = 1 << (FRACTION_BITS - 1);

  private Resize() {}

  /**
   * The whole picture at a new size.
   *
   * @param width pixels across the result
   * @param height pixels down the result
   * @throws IllegalArgumentException if no picture can have that size
   */
  public static RgbImage resize(RgbImage source, int width, int height) {
    return window(source, width, height, 0, 0, width, height);
  }

  /**
   * A rectangle of the resized picture. Only what it needs is computed, so the resized picture may
   * be larger than memory, as it is when the short side of a 1×30000 picture becomes 256.
   *
   * @param fullWidth pixels across the whole resized picture
   * @param fullHeight pixels down the whole resized picture
   * @param left first column of the rectangle
   * @param top first row of the rectangle
   * @param width columns of the rectangle
   * @param height rows of the rectangle
   * @throws IllegalArgumentException if the rectangle does not lie inside the resized picture
   */
  public static RgbImage window(
      RgbImage source,
      long fullWidth,
      long fullHeight,
      long left,
      long top,
      int width,
      int height) {
    if (left < 0 || top < 0 || left > fullWidth - width || top > fullHeight - height) {
      throw new IllegalArgumentException(
          "%d×%d at (%d, %d) does not lie inside %d×%d"
              .formatted(width, height, left, top, fullWidth, fullHeight));
    }
    RgbImage result = RgbImage.filled(width, height, 0); // also checks the size
    Taps across = Taps.of(source.width(), fullWidth, left, width);
    Taps down = Taps.of(source.height(), fullHeight, top, height);
    int firstRow = down.first[0];
    int rows = down.first[height - 1] + down.count[height - 1] - firstRow;
    // The vertical pass walks down the rows, so only as many of them are kept as one output row
    // needs: a ring of `ring` rows, each resized across when it is first asked for.
    int ring = Math.min(rows, down.stride);
    byte[] kept = new byte[Math.multiplyExact(ring, width * 3)];
    int ready = firstRow;
    int[] sums = new int[width * 3];
    for (int y = 0; y < height; y++) {
      int end = down.first[y] + down.count[y];
      for (; ready < end; ready++) {
        across(source, ready, across, kept, ready % ring * width * 3);
      }
      down(kept, ring, down, y, sums, result.samples());
    }
    return result;
  }

  private static void across(RgbImage source, int row, Taps taps, byte[] out, int at) {
    byte[] in = source.samples();
    int rowStart = row * source.width() * 3;
    for (int x = 0; x < taps.first.length; x++) {
      int from = rowStart + taps.first[x] * 3;
      int weight = x * taps.stride;
      int end = weight + taps.count[x];
      int r = HALF;
      int g = HALF;
      int b = HALF;
      for (; weight < end; weight++, from += 3) {
        int w = taps.weights[weight];
        r += w * (in[from] & 255);
        g += w * (in[from + 1] & 255);
        b += w * (in[from + 2] & 255);
      }
      out[at++] = clamp(r);
      out[at++] = clamp(g);
      out[at++] = clamp(b);
    }
  }

  private static void down(byte[] kept, int ring, Taps taps, int y, int[] sums, byte[] out) {
    Arrays.fill(sums, HALF);
    for (int t = 0; t < taps.count[y]; t++) {
      int w = taps.weights[y * taps.stride + t];
      int from = (taps.first[y] + t) % ring * sums.length;
      for (int i = 0; i < sums.length; i++) {
        sums[i] += w * (kept[from + i] & 255);
      }
    }
    int at = y * sums.length;
    for (int i = 0; i < sums.length; i++) {
      out[at + i] = clamp(sums[i]);
    }
  }

  private static byte clamp(int sum) {
    return (byte) Math.max(0, Math.min(255, sum >> FRACTION_BITS));
  }

  /** The inputs and integer weights of a run of output positions of one axis. */
  @SuppressWarnings("ArrayRecordComponent") // private, and read in the inner loops
  private record Taps(int[] first, int[] count, int[] weights, int stride) {

    static Taps of(int inputs, long outputs, long firstOutput, int n) {
      double scale = (double) inputs / outputs;
      double support = Math.max(scale, 1.0);
      int stride = (int) Math.ceil(support) * 2 + 1;
      int[] first = new int[n];
      int[] count = new int[n];
      int[] weights = new int[Math.multiplyExact(n, stride)];
      double[] exact = new double[stride];
      for (int i = 0; i < n; i++) {
        double centre = (firstOutput + i + 0.5) * scale;
        int from = Math.max((int) (centre - support + 0.5), 0);
        int taps = Math.min((int) (centre + support + 0.5), inputs) - from;
        double sum = 0;
        for (int t = 0; t < taps; t++) {
          exact[t] = Math.max(0, 1 - Math.abs((t + from - centre + 0.5) * (1 / support)));
          sum += exact[t];
        }
        for (int t = 0; t < taps; t++) {
          double share = sum == 0 ? exact[t] : exact[t] / sum;
          weights[i * stride + t] = (int) (0.5 + share * (1 << FRACTION_BITS));
        }
        first[i] = from;
        count[i] = taps;
      }
      return new Taps(first, count, weights, stride);
    }
  }
}
