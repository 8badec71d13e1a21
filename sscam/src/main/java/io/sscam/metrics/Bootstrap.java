package io.sscam.metrics;

import java.util.Arrays;
import java.util.SplittableRandom;

/** The percentile bootstrap (Efron 1979), the same for the same values. */
public final class Bootstrap {
  private static final int RESAMPLES = 10_000;
  private static final long SEED = 20_200_614;

  private Bootstrap() {}

  /**
   * The mean with its 95 % interval; depends on the order of the values.
   *
   * @param values at least one
   */
  public static Interval interval(double[] values) {
    int n = values.length;
    double mean = Arrays.stream(values).sum() / n;
    if (n == 1) {
      return new Interval(mean, mean, mean, 1);
    }
    int resamples = (int) Math.max(1000, Math.min(RESAMPLES, 20_000_000L / n));
    SplittableRandom random = new SplittableRandom(SEED);
    double[] means = new double[resamples];
    for (int r = 0; r < resamples; r++) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += values[random.nextInt(n)];
      }
      means[r] = sum / n;
    }
    Arrays.sort(means);
    return new Interval(
        mean, means[(int) (0.025 * resamples)], means[(int) Math.ceil(0.975 * resamples) - 1], n);
  }
}
