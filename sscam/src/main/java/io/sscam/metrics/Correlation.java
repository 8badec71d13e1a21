package io.sscam.metrics;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Correlation of two maps. */
public final class Correlation {
  private Correlation() {}

  /**
   * Pearson's.
   *
   * @return −1 to 1, or NaN if one of them is constant or holds a NaN
   */
  public static double pearson(double[] a, double[] b) {
    requireSameLength(a, b);
    if (constant(a) || constant(b)) {
      return Double.NaN; // their mean is rounded, so the sums below need not be 0
    }
    double meanA = mean(a);
    double meanB = mean(b);
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (a[i] - meanA) * (b[i] - meanB);
      aa += (a[i] - meanA) * (a[i] - meanA);
      bb += (b[i] - meanB) * (b[i] - meanB);
    }
    double scale = Math.sqrt(aa) * Math.sqrt(bb);
    return scale > 0 ? Math.max(-1, Math.min(1, ab / scale)) : Double.NaN;
  }

  /**
   * Spearman's: Pearson's of the ranks, equal values sharing the mean of theirs.
   *
   * @return −1 to 1, or NaN if one of them is constant or holds a NaN
   */
  public static double spearman(double[] a, double[] b) {
    requireSameLength(a, b);
    if (DoubleStream.concat(Arrays.stream(a), Arrays.stream(b)).anyMatch(Double::isNaN)) {
      return Double.NaN; // not a number has no rank
    }
    return pearson(ranks(a), ranks(b));
  }

  /** {@link #spearman(double[], double[])} of float32 values. */
  public static double spearman(float[] a, float[] b) {
    return spearman(doubles(a), doubles(b));
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  private static double[] ranks(double[] values) {
    int[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted((i, j) -> Double.compare(values[i], values[j]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] ranks = new double[values.length];
    for (int first = 0; first < order.length; ) {
      int end = first + 1;
      while (end < order.length && values[order[end]] == values[order[first]]) {
        end++;
      }
      for (int i = first; i < end; i++) {
        ranks[order[i]] = (first + end - 1) / 2.0;
      }
      first = end;
    }
    return ranks;
  }

  private static boolean constant(double[] values) {
    return Arrays.stream(values).allMatch(value -> value == values[0]);
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static void requireSameLength(double[] a, double[] b) {
    if (a.length != b.length || a.length == 0) {
      throw new IllegalArgumentException(a.length + " and " + b.length + " values do not pair");
    }
  }
}
