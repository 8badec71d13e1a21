package io.sscam.kernels.cuda.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.engine.graph.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernels of backward passes: cases by hand, and plain loops that go from output to input. */
class GradientKernelsTest extends OpBench {
  private static final double TOLERANCE = 2e-6;

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 1025})
  void sums(int n) {
    float[] a = values(n);
    float[] b = values(n);
    double[] expected = new double[n];
    for (int e = 0; e < n; e++) {
      expected[e] = (double) a[e] + b[e];
    }
    long out = room(4L * n);
    new Add(modules).run(stream, device(a), device(b), n, out);
    near("sum", floats(out, n), expected, TOLERANCE);
  }

  /** At 0 the gradient is 0, of either sign. */
  @Test
  void reluPassesWhatIsAboveZero() {
    long value = device(1f, 0f, -0f, -1f, Float.MIN_VALUE, 3f);
    long gradient = device(5f, 6f, 7f, 8f, 9f, Float.NaN);
    long out = room(24);
    new ReluGradient(modules).run(stream, value, gradient, 6, out);
    assertThat(floats(out, 6)).containsExactly(5, 0, 0, 0, 9, Float.NaN);
  }

  /** A part of a concat's gradient begins where it begins. */
  @Test
  void anyAddressIsGoodEnough() {
    long value = device(-1f, 1f, 1f);
    long gradient = device(5f, 6f, 7f);
    long out = room(12);
    new ReluGradient(modules).run(stream, value + 4, gradient + 4, 2, out + 4);
    assertThat(floats(out, 3)).containsExactly(Float.NaN, 6, 7);
    new Add(modules).run(stream, value + 4, gradient + 4, 2, out);
    assertThat(floats(out, 3)).containsExactly(7, 8, 7);
    new AveragePoolGradient(modules).run(stream, gradient + 4, 2, 1, 1, 1, 1, out + 4);
    assertThat(floats(out, 3)).containsExactly(7, 6, 7);
    Window one = new Window(1, 1, 0);
    new MaxPoolGradient(modules).run(stream, value, gradient + 4, 2, 1, 1, one, 1, 1, out);
    assertThat(floats(out, 3)).containsExactly(6, 7, 7);
  }

  /** Four windows on 4×4 equal elements, the last ones over the edge: each gives to its first. */
  @Test
  void theFirstOfEqualsTakesTheGradient() {
    long out = room(64);
    Window window = new Window(3, 2, 0);
    long gradient = device(1f, 10f, 100f, 1000f);
    new MaxPoolGradient(modules)
        .run(stream, device(new float[16]), gradient, 1, 4, 4, window, 2, 2, out);
    assertThat(floats(out, 16))
        .containsExactly(1, 0, 10, 0, 0, 0, 0, 0, 100, 0, 1000, 0, 0, 0, 0, 0);
  }

  /** An element that is the largest of all windows takes all their gradients. */
  @Test
  void windowsThatShareTheirLargestAddUp() {
    long out = room(36);
    Window window = new Window(2, 1, 0);
    long in = device(0f, 0f, 0f, 0f, 1f, 0f, 0f, 0f, 0f);
    new MaxPoolGradient(modules)
        .run(stream, in, device(1f, 10f, 100f, 1000f), 1, 3, 3, window, 2, 2, out);
    assertThat(floats(out, 9)).containsExactly(0, 0, 0, 0, 1111, 0, 0, 0, 0);
  }

  @ParameterizedTest
  @CsvSource({
    // c, h, w, kernel, stride, padding, rows, columns
    "5, 7, 9, 3, 2, 0, 3, 4",
    "16, 13, 8, 3, 2, 0, 6, 4", // the last column of windows hangs over
    "8, 17, 23, 3, 2, 1, 9, 12",
    "3, 6, 5, 2, 3, 0, 2, 2", // gaps between windows
    "2, 8, 8, 5, 1, 2, 8, 8",
    "1, 1, 1, 3, 2, 1, 1, 1"
  })
  void maxPools(int c, int h, int w, int kernel, int stride, int padding, int rows, int columns) {
    float[] in = new float[c * h * w];
    for (int e = 0; e < in.length; e++) {
      in[e] = random.nextInt(5); // many are equal
    }
    float[] gradient = values(c * rows * columns);
    double[] expected = new double[in.length];
    for (int e = 0; e < gradient.length; e++) {
      int first = -1;
      for (int tap = 0; tap < kernel * kernel; tap++) {
        int y = e / columns % rows * stride - padding + tap / kernel;
        int x = e % columns * stride - padding + tap % kernel;
        int at = (e / (rows * columns) * h + y) * w + x;
        boolean inside = y >= 0 && y < h && x >= 0 && x < w;
        if (inside && (first < 0 || in[at] > in[first])) {
          first = at;
        }
      }
      expected[first] += gradient[e];
    }
    long out = room(4L * in.length);
    Window window = new Window(kernel, stride, padding);
    new MaxPoolGradient(modules)
        .run(stream, device(in), device(gradient), c, h, w, window, rows, columns, out);
    near("gradient", floats(out, in.length), expected, TOLERANCE);
  }

  /** Three elements in two cells: the middle one lies in both. */
  @Test
  void cellsThatOverlap() {
    long out = room(12);
    new AveragePoolGradient(modules).run(stream, device(2f, 20f), 1, 1, 3, 1, 2, out);
    assertThat(floats(out, 3)).containsExactly(1, 11, 10);
  }

  @ParameterizedTest
  @CsvSource({
    "5, 10, 9, 7, 7",
    "8, 3, 15, 7, 7",
    "3, 1, 1, 2, 3",
    "21, 5, 9, 1, 1",
    "2, 13, 13, 13, 6"
  })
  void averagePools(int c, int h, int w, int rows, int columns) {
    float[] gradient = values(c * rows * columns);
    double[] expected = new double[c * h * w];
    for (int e = 0; e < gradient.length; e++) {
      int row = e / columns % rows;
      int column = e % columns;
      int top = row * h / rows;
      int left = column * w / columns;
      int bottom = (int) Math.ceil((row + 1.0) * h / rows);
      int right = (int) Math.ceil((column + 1.0) * w / columns);
      for (int y = top; y < bottom; y++) {
        for (int x = left; x < right; x++) {
          expected[(e / (rows * columns) * h + y) * w + x] +=
              (double) gradient[e] / ((bottom - top) * (right - left));
        }
      }
    }
    long out = room(4L * expected.length);
    new AveragePoolGradient(modules).run(stream, device(gradient), c, h, w, rows, columns, out);
    near("gradient", floats(out, expected.length), expected, TOLERANCE);
  }
}
