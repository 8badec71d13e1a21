package io.sscam;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Chooses the channels that vary most: a map that is nearly the same everywhere, or nearly nothing,
 * adds little that can be seen, but its mask costs as much to score as any other.
 *
 * <p>The measure is the standard deviation of the activation over its cells, that of Faster
 * Score-CAM (github.com/tabayashi0117/Score-CAM, and {@code max_N} of tf-keras-vis).
 */
final class TopChannels {
  private TopChannels() {}

  /**
   * At most {@code most} of some channels; of equal ones the first.
   *
   * @param activations A (K, h, w), finite
   * @param channels K
   * @param among what to choose from, ascending
   * @return ascending
   */
  static int[] of(float[] activations, int channels, int[] among, int most) {
    int cells = activations.length / channels;
    double[] variances = new double[channels];
    for (int k : among) {
      variances[k] = variance(activations, k * cells, cells);
    }
    return Arrays.stream(among)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer k) -> -variances[k]))
        .limit(most)
        .mapToInt(k -> k)
        .sorted()
        .toArray();
  }

  private static double variance(float[] values, int from, int count) {
    double mean = IntStream.range(from, from + count).mapToDouble(i -> values[i]).sum() / count;
    return IntStream.range(from, from + count)
            .mapToDouble(i -> (values[i] - mean) * (values[i] - mean))
            .sum()
        / count;
  }
}
