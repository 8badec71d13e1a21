package io.sscam.bench.selftest;

/**
 * How far a device was from the reference in one respect.
 *
 * @param what an operation or net
 * @param cases how many inputs were tried
 * @param error the largest over all of them, relative to the largest expected magnitude; infinite
 *     where a value was not finite
 * @param budget the most that is allowed
 */
public record Finding(String what, int cases, double error, double budget) {

  /** Whether the error is within the budget; NaN is not. */
  public boolean passed() {
    return error <= budget;
  }

  /** The larger of two errors, a NaN being larger than all. */
  static double worse(double a, double b) {
    return Double.isNaN(a) || Double.isNaN(b) ? Double.POSITIVE_INFINITY : Math.max(a, b);
  }

  /** max |actual − expected| relative to max(floor, max |expected|). */
  public static double error(float[] actual, float[] expected, double floor) {
    double peak = floor;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      peak = Math.max(peak, Math.abs((double) expected[i]));
      difference = worse(difference, Math.abs((double) actual[i] - expected[i]));
    }
    return difference / peak;
  }
}
