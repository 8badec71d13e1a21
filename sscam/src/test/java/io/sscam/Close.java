package io.sscam;

import io.sscam.engine.HostTensor;

/** Comparisons in which NaN is near nothing but NaN that was expected. */
final class Close {
  private Close() {}

  /**
   * Every element within {@code relative} of its size plus {@code absolute}.
   *
   * @return the largest error, as a fraction of what is allowed
   */
  static double each(
      String what, float[] actual, double[] expected, double relative, double absolute) {
    length(what, actual, expected.length);
    double worst = 0;
    for (int e = 0; e < actual.length; e++) {
      if (Double.isNaN(expected[e]) && Float.isNaN(actual[e])) {
        continue;
      }
      double allowed = relative * Math.abs(expected[e]) + absolute;
      double error = Math.abs(actual[e] - expected[e]);
      if (!(error <= allowed)) {
        throw new AssertionError(
            "%s[%d]: %s is not %s ± %s".formatted(what, e, actual[e], expected[e], allowed));
      }
      worst = Math.max(worst, allowed == 0 ? 0 : error / allowed);
    }
    return worst;
  }

  /** Every element within {@code fraction} of the spread of the expected values, 0 included. */
  static double ofRange(String what, float[] actual, double[] expected, double fraction) {
    double low = 0;
    double high = 0;
    for (double v : expected) {
      low = Math.min(low, v);
      high = Math.max(high, v);
    }
    return each(what, actual, expected, 0, fraction * (high - low));
  }

  /** The same bits. */
  static void bits(String what, HostTensor actual, HostTensor expected) {
    length(what, actual.data(), expected.data().length);
    for (int e = 0; e < actual.data().length; e++) {
      float a = actual.data()[e];
      float b = expected.data()[e];
      if (Float.floatToIntBits(a) != Float.floatToIntBits(b)) {
        throw new AssertionError("%s[%d]: %s is not exactly %s".formatted(what, e, a, b));
      }
    }
  }

  static double[] doubles(float[] values) {
    double[] out = new double[values.length];
    for (int e = 0; e < out.length; e++) {
      out[e] = values[e];
    }
    return out;
  }

  private static void length(String what, float[] actual, int expected) {
    if (actual.length != expected) {
      throw new AssertionError(what + ": " + actual.length + " elements, not " + expected);
    }
  }
}
