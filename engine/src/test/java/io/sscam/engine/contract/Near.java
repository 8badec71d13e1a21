package io.sscam.engine.contract;

/** Comparison with an exact result. NaN is never near anything. */
final class Near {
  /**
   * Tolerance of one float32 operation of the contract, relative to the largest value it works on:
   * about 80 roundings (6e-8 each) in a row, far more than any formula here has, and far less than
   * any wrong index, order or edge gives.
   */
  static final double TOLERANCE = 1e-5;

  private Near() {}

  /**
   * Every element within {@link #TOLERANCE} of the largest expected magnitude. Sums of both signs
   * cancel, so that the rounding of an element follows the size of the terms and not of the result.
   */
  static void peak(String what, float[] actual, double[] expected) {
    double peak = 0;
    for (double v : expected) {
      peak = Math.max(peak, Math.abs(v));
    }
    // Float.MIN_VALUE: what rounding to a denormal may cost
    within(what, actual, expected, Math.max(TOLERANCE * peak, Float.MIN_VALUE));
  }

  /** As {@link #peak}, for terms that are larger than any result may show. */
  static void peak(String what, float[] actual, double[] expected, double peak) {
    within(what, actual, expected, TOLERANCE * peak);
  }

  /** Every element within {@link #TOLERANCE} of its own magnitude (a denormal's rounding aside). */
  static void each(String what, float[] actual, double[] expected) {
    length(what, actual, expected);
    for (int e = 0; e < actual.length; e++) {
      double tolerance = Math.max(TOLERANCE * Math.abs(expected[e]), Float.MIN_NORMAL);
      element(what, e, actual[e], expected[e], tolerance);
    }
  }

  static void within(String what, float[] actual, double[] expected, double tolerance) {
    length(what, actual, expected);
    for (int e = 0; e < actual.length; e++) {
      element(what, e, actual[e], expected[e], tolerance);
    }
  }

  /** The same bits, NaN included. */
  static void bits(String what, float[] actual, float[] expected) {
    length(what, actual, new double[expected.length]);
    for (int e = 0; e < actual.length; e++) {
      if (Float.floatToIntBits(actual[e]) != Float.floatToIntBits(expected[e])) {
        throw new AssertionError(
            what + " element " + e + ": " + actual[e] + " is not exactly " + expected[e] + hint());
      }
    }
  }

  /** Elements {@code from} … {@code to} − 1 still hold the NaN they were filled with. */
  static void untouched(String what, float[] actual, int from, int to) {
    nan(what + " outside of what was to be written,", actual, from, to);
  }

  /** Elements {@code from} … {@code to} − 1 are NaN. */
  static void nan(String what, float[] actual, int from, int to) {
    for (int e = from; e < to; e++) {
      if (!Float.isNaN(actual[e])) {
        throw new AssertionError(
            what + " element " + e + ": " + actual[e] + " is not NaN" + hint());
      }
    }
  }

  static void element(String what, int e, double actual, double expected, double tolerance) {
    if (!(Math.abs(actual - expected) <= tolerance)) {
      throw new AssertionError(
          what
              + " element "
              + e
              + ": "
              + actual
              + " is not "
              + expected
              + " ± "
              + tolerance
              + hint());
    }
  }

  private static void length(String what, float[] actual, double[] expected) {
    if (actual.length != expected.length) {
      throw new AssertionError(what + ": " + actual.length + " elements, not " + expected.length);
    }
  }

  private static String hint() {
    return " (repeat with -Dsscam.seed=" + Values.SEED + ")";
  }
}
