package io.sscam.kernels.cuda.op;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kernels of masks against plain loops, at the sizes where quads, rows and planes end. */
class MapKernelsTest extends OpBench {
  /** Of a value of up to 2, after a few roundings. */
  private static final double TOLERANCE = 2e-6;

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, 1",
    "1, 7, 7, 224, 224",
    "2, 13, 13, 224, 224",
    "3, 5, 9, 31, 47",
    "70, 7, 7, 28, 28",
    "3, 1, 7, 17, 23",
    "2, 7, 1, 299, 5",
    "2, 9, 5, 6, 4",
    "2, 16, 16, 16, 16",
    "2, 3, 3, 2, 9",
    "2, 3, 40, 50, 119"
  })
  void upsampleAndRanges(int k, int h, int w, int height, int width) {
    float[] maps = values(k * h * w);
    int plane = height * width;
    long device = device(maps);
    long out = room(4L * k * plane);
    new UpsampleBilinear(modules).run(stream, device, k, h, w, out, height, width);
    long range = room(8L * k);
    new MinMax(modules).upsampled(stream, device, k, h, w, height, width, range);
    double[] expected = new double[k * plane];
    double[] ranges = new double[2 * k];
    for (int m = 0; m < k; m++) {
      double[] one = upsample(maps, m, h, w, height, width);
      System.arraycopy(one, 0, expected, m * plane, plane);
      ranges[2 * m] = Arrays.stream(one).min().orElseThrow();
      ranges[2 * m + 1] = Arrays.stream(one).max().orElseThrow();
    }
    near("U(A)", floats(out, k * plane), expected, TOLERANCE);
    near("range of U(A)", floats(range, 2 * k), ranges, TOLERANCE);
  }

  /** Places are exact: far from the start of a row no error has gathered. */
  @Test
  void aLongRowIsAsGoodAsAShortOne() {
    int w = 1500;
    int width = 4800;
    float[] map = new float[w];
    for (int x = 0; x < w; x++) {
      map[x] = x % 2 * 2 - 1;
    }
    long out = room(4L * width);
    new UpsampleBilinear(modules).run(stream, device(map), 1, 1, w, out, 1, width);
    near("U(A)", floats(out, width), upsample(map, 0, 1, w, 1, width), TOLERANCE);
  }

  @ParameterizedTest
  @CsvSource({"2, 7, 7, 3, 32, 48", "3, 5, 9, 1, 17, 23", "1, 1, 1, 5, 1, 1", "2, 13, 13, 4, 6, 5"})
  void maskedRange(int k, int h, int w, int channels, int height, int width) {
    float[] maps = values(k * h * w);
    float[] affine = values(3 * k);
    float[] image = values(channels * height * width);
    long range = room(8L * k);
    new MinMax(modules)
        .masked(
            stream,
            device(maps),
            device(affine),
            device(image),
            k,
            h,
            w,
            channels,
            height,
            width,
            range);
    double[] expected = new double[2 * k];
    for (int m = 0; m < k; m++) {
      double[] up = upsample(maps, m, h, w, height, width);
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (int e = 0; e < image.length; e++) {
        double v = (up[e % up.length] - affine[3 * m]) * affine[3 * m + 1] * image[e];
        low = Math.min(low, v);
        high = Math.max(high, v);
      }
      expected[2 * m] = low;
      expected[2 * m + 1] = high;
    }
    near("range of M X", floats(range, 2 * k), expected, 8 * TOLERANCE);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 49", "2, 1000", "5, 2053", "70, 8"})
  void rangeAndNormalise(int k, int elements) {
    float[] maps = values(k * elements);
    Arrays.fill(maps, 0, elements, 1.5f); // all alike: zeros
    long device = device(maps);
    long range = room(8L * k);
    long out = room(4L * k * elements);
    new MinMax(modules).run(stream, device, k, elements, range);
    new Normalize(modules).run(stream, device, range, k, elements, out);
    float[] found = floats(range, 2 * k);
    double[] ranges = new double[2 * k];
    double[] expected = new double[maps.length];
    for (int m = 0; m < k; m++) {
      float[] map = Arrays.copyOfRange(maps, m * elements, (m + 1) * elements);
      Arrays.sort(map);
      ranges[2 * m] = map[0];
      ranges[2 * m + 1] = map[elements - 1];
      for (int e = m * elements; e < (m + 1) * elements; e++) {
        double extent = ranges[2 * m + 1] - ranges[2 * m];
        expected[e] = extent == 0 ? 0 : (maps[e] - ranges[2 * m]) / extent;
      }
    }
    near("range", found, ranges, 0);
    near("s(A)", floats(out, maps.length), expected, TOLERANCE);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 50176", "5, 391", "9, 1026"})
  void maskMultiply(int channels, int plane) {
    float[] mask = values(plane);
    float[] image = values(channels * plane);
    long out = room(4L * image.length);
    new MaskMultiply(modules).run(stream, device(mask), device(image), channels, plane, out);
    double[] expected = new double[image.length];
    for (int e = 0; e < expected.length; e++) {
      expected[e] = mask[e % plane] * image[e]; // in float: one rounding, so exact
    }
    near("M X", floats(out, image.length), expected, 0);
  }
}
