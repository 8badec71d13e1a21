package io.sscam.bench.measure;

import java.util.Arrays;
import java.util.List;

/**
 * Quantiles of a sample, with linear interpolation between neighbours (type 7 of Hyndman & Fan).
 */
final class Quantiles {
  private final double[] sorted;

  /**
   * Sorts a copy.
   *
   * @param values at least one
   * @throws IllegalArgumentException if there is none, or one is NaN
   */
  Quantiles(double... values) {
    if (values.length == 0 || Arrays.stream(values).anyMatch(Double::isNaN)) {
      throw new IllegalArgumentException("no quantile of " + Arrays.toString(values));
    }
    sorted = values.clone();
    Arrays.sort(sorted);
  }

  static Quantiles of(List<Double> values) {
    return new Quantiles(values.stream().mapToDouble(v -> v).toArray());
  }

  /** The value below which a share {@code p} of the sample lies, p from 0 to 1. */
  double at(double p) {
    double position = p * (sorted.length - 1);
    int below = (int) Math.floor(position);
    int above = (int) Math.ceil(position);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }

  double median() {
    return at(0.5);
  }
}
