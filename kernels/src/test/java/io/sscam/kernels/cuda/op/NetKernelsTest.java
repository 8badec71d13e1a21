package io.sscam.kernels.cuda.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.engine.graph.Window;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The kernels of nets in both layouts against plain loops, with sizes that allow 16 bytes at once
 * and sizes that do not.
 */
class NetKernelsTest extends OpBench {
  private static final double TOLERANCE = 2e-6;

  /** One activation of random values in both layouts: the same values, all of them float16. */
  private final class Both {
    final float[] planes;
    final short[] pixels;

    Both(int n, int c, int hw) {
      pixels = halfValues(n * hw * c);
      planes = planes(pixels, n, c, hw);
    }

    long on(Layout layout) {
      return layout == Layout.NCHW_F32 ? device(planes) : device(pixels);
    }
  }

  /** (n, hw, c) float16 → (n, c, hw). */
  private static float[] planes(short[] pixels, int n, int c, int hw) {
    float[] planes = new float[n * c * hw];
    for (int e = 0; e < planes.length; e++) {
      planes[e] = toFloat(pixels[(e / (c * hw) * hw + e % hw) * c + e / hw % c]);
    }
    return planes;
  }

  /** What lies in memory of either layout, as (n, c, hw); expected within the layout's rounding. */
  private void compare(Layout layout, long address, int n, int c, int hw, double[] expected) {
    float[] found =
        layout == Layout.NCHW_F32
            ? floats(address, n * c * hw)
            : planes(halves(address, n * c * hw), n, c, hw);
    for (int e = 0; e < expected.length; e++) {
      double rounding = layout == Layout.NCHW_F32 ? 0 : HALF_ROUNDING * Math.abs(expected[e]);
      boolean same = Double.isNaN(expected[e]) && Float.isNaN(found[e]);
      if (!same && !(Math.abs(found[e] - expected[e]) <= TOLERANCE + rounding)) {
        throw new AssertionError(
            layout + " element " + e + ": " + found[e] + " is not " + expected[e]);
      }
    }
  }

  private long room(Layout layout, int elements) {
    return room((layout == Layout.NCHW_F32 ? 4L : 2L) * elements);
  }

  @ParameterizedTest
  @CsvSource({"1, 3, 25, 4", "2, 5, 9, 5", "3, 17, 1, 20", "1, 64, 49, 64"})
  void layoutsThereAndBack(int n, int c, int hw, int padded) {
    LayoutChange change = new LayoutChange(modules);
    Both x = new Both(n, c, hw);
    long last = room(2L * n * hw * padded);
    change.toChannelsLast(stream, x.on(Layout.NCHW_F32), n, c, hw, padded, last);
    short[] found = halves(last, n * hw * padded);
    for (int e = 0; e < found.length; e++) {
      int channel = e % padded;
      int expected = channel < c ? x.pixels[e / padded * c + channel] : 0;
      assertThat(found[e]).isEqualTo((short) expected);
    }
    long back = room(4L * n * c * hw);
    change.toChannelsFirst(stream, last, n, c, hw, padded, back);
    assertThat(floats(back, n * c * hw)).containsExactly(x.planes);
    long flat = room(2L * n * c * hw);
    change.toHalf(stream, back, (long) n * c * hw, flat);
    assertThat(toFloats(halves(flat, n * c * hw))).containsExactly(x.planes);
  }

  @ParameterizedTest
  @CsvSource({
    "2, 5, 7, 9, 3, 2, 0, 3, 4, 5, 0", "2, 16, 13, 8, 3, 2, 0, 6, 4, 16, 0",
    "1, 8, 17, 23, 3, 2, 1, 9, 12, 24, 16", "1, 8, 6, 5, 3, 2, 1, 4, 3, 9, 1",
    "3, 1, 1, 1, 3, 2, 1, 1, 1, 1, 0"
  })
  void maxPool(
      int n,
      int c,
      int h,
      int w,
      int kernel,
      int stride,
      int padding,
      int oh,
      int ow,
      int all,
      int offset) {
    Both x = new Both(n, c, h * w);
    x.planes[h * w / 2] = Float.NaN; // picture 0, channel 0
    x.pixels[h * w / 2 * c] = 0x7e01;
    double[] expected = new double[n * all * oh * ow];
    for (int e = 0; e < expected.length; e++) {
      int channel = e / (oh * ow) % all - offset;
      int plane = e / (oh * ow * all) * c + channel;
      double max = Double.NEGATIVE_INFINITY;
      for (int t = 0; t < kernel * kernel; t++) {
        int y = e / ow % oh * stride - padding + t / kernel;
        int column = e % ow * stride - padding + t % kernel;
        if (channel >= 0 && channel < c && y >= 0 && y < h && column >= 0 && column < w) {
          max = Math.max(max, x.planes[plane * h * w + y * w + column]);
        }
      }
      expected[e] = channel >= 0 && channel < c ? max : Double.NaN; // not to be written
    }
    for (Layout layout : Layout.values()) {
      long out = room(layout, expected.length);
      Pool.MaxTarget target = new Pool.MaxTarget(out, oh, ow, all, offset);
      Window window = new Window(kernel, stride, padding);
      new Pool(modules).max(stream, layout, x.on(layout), n, c, h, w, window, target);
      compare(layout, out, n, all, oh * ow, expected);
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 5, 10, 9, 7, 7", "1, 8, 3, 15, 7, 7", "3, 3, 1, 1, 2, 3", "2, 21, 5, 9, 1, 1"})
  void averagePools(int n, int c, int h, int w, int rows, int columns) {
    Both x = new Both(n, c, h * w);
    double[] expected = new double[n * c * rows * columns];
    for (int e = 0; e < expected.length; e++) {
      int row = e / columns % rows;
      int column = e % columns;
      int bottom = (int) Math.ceil((row + 1.0) * h / rows);
      int right = (int) Math.ceil((column + 1.0) * w / columns);
      double sum = 0;
      int count = 0;
      for (int y = row * h / rows; y < bottom; y++) {
        for (int at = column * w / columns; at < right; at++, count++) {
          sum += x.planes[e / (rows * columns) * h * w + y * w + at];
        }
      }
      expected[e] = sum / count;
    }
    Pool pool = new Pool(modules);
    long full = room(4L * expected.length);
    pool.adaptiveAverage(
        stream, Layout.NCHW_F32, x.on(Layout.NCHW_F32), n, c, h, w, full, rows, columns);
    near("means", floats(full, expected.length), expected, TOLERANCE);
    long half = room(2L * expected.length);
    pool.adaptiveAverage(
        stream, Layout.NHWC_F16, x.on(Layout.NHWC_F16), n, c, h, w, half, rows, columns);
    nearHalf("means in NCHW order", halves(half, expected.length), expected, TOLERANCE);
    if (rows == 1 && columns == 1) {
      long logits = room(4L * n * c);
      pool.globalAverage(stream, x.on(Layout.NHWC_F16), n, c, (long) h * w, logits);
      near("logits", floats(logits, n * c), expected, TOLERANCE);
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 5, 9", "3, 16, 49", "1, 8, 64", "2, 3, 4"})
  void biasResidualRelu(int n, int c, int hw) {
    Both y = new Both(n, c, hw);
    Both residual = new Both(n, c, hw);
    y.planes[1] = Float.NaN;
    y.pixels[c] = 0x7e00;
    float[] bias = values(c);
    for (int variant = 0; variant < 4; variant++) {
      boolean relu = (variant & 1) != 0;
      boolean add = (variant & 2) != 0;
      double[] expected = new double[n * c * hw];
      for (int e = 0; e < expected.length; e++) {
        double v = y.planes[e] + bias[e / hw % c] + (add ? residual.planes[e] : 0);
        expected[e] = relu && v < 0 ? 0 : v;
      }
      for (Layout layout : Layout.values()) {
        long at = y.on(layout);
        long z = add ? residual.on(layout) : 0;
        new Epilogue(modules).biasResidualRelu(stream, layout, at, device(bias), z, n, c, hw, relu);
        compare(layout, at, n, c, hw, expected);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "5, 16", "3, 1000", "2, 33"})
  void biasReluRows(int rows, int width) {
    short[] half = halfValues(rows * width);
    float[] full = toFloats(half);
    float[] bias = values(width);
    double[] expected = new double[full.length];
    for (int e = 0; e < full.length; e++) {
      expected[e] = Math.max(0, (double) full[e] + bias[e % width]);
    }
    long floats = device(full);
    long halves = device(half);
    Epilogue epilogue = new Epilogue(modules);
    epilogue.biasReluRows(stream, false, floats, device(bias), rows, width, true);
    epilogue.biasReluRows(stream, true, halves, device(bias), rows, width, true);
    near("rows", floats(floats, full.length), expected, TOLERANCE);
    nearHalf("rows in halves", halves(halves, full.length), expected, TOLERANCE);
  }

  @ParameterizedTest
  @CsvSource({"2, 5, 9, 9, 3", "3, 8, 16, 24, 8", "1, 16, 25, 17, 1", "2, 3, 4, 3, 0"})
  void copyChannels(int n, int c, int hw, int all, int offset) {
    Both x = new Both(n, c, hw);
    double[] expected = new double[n * all * hw];
    for (int e = 0; e < expected.length; e++) {
      int channel = e / hw % all - offset;
      boolean written = channel >= 0 && channel < c;
      expected[e] = written ? x.planes[(e / (hw * all) * c + channel) * hw + e % hw] : Double.NaN;
    }
    for (Layout layout : Layout.values()) {
      long out = room(layout, expected.length);
      new Epilogue(modules).copyChannels(stream, layout, x.on(layout), n, c, hw, out, all, offset);
      compare(layout, out, n, all, hw, expected);
    }
  }
}
