package io.sscam;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * The weights of the channels for some classes, and how they came about.
 *
 * @param alpha α (Q)(K)
 * @param scores (Q)(K·N), NaN for a channel that is not scored; (Q)(0) where nothing was scored
 * @param baseline what was subtracted from the scores (Q)
 * @param live channels whose mask is not constant (Q); channel weights may differ by class
 * @param scored channels that were scored (Q)
 */
record Weighing(float[][] alpha, float[][] scores, float[] baseline, int[] live, int[] scored) {

  /** Weights that did not come from scores. */
  static Weighing unscored(float[][] alpha, int live) {
    int classes = alpha.length;
    return new Weighing(
        alpha, new float[classes][0], new float[classes], same(live, classes), new int[classes]);
  }

  /** No channel is live: no weight, no score. */
  static Weighing dead(int channels, int samples, float[] baseline) {
    float[] none = new float[channels * samples];
    Arrays.fill(none, Float.NaN);
    float[][] scores = new float[baseline.length][];
    Arrays.fill(scores, none);
    int classes = baseline.length;
    return new Weighing(
        new float[classes][channels], scores, baseline, new int[classes], new int[classes]);
  }

  /** Weighings of one class each, side by side. */
  static Weighing join(List<Weighing> each) {
    float[] baselines = new float[each.size()];
    for (int q = 0; q < baselines.length; q++) {
      baselines[q] = each.get(q).baseline[0];
    }
    return new Weighing(
        each.stream().map(w -> w.alpha[0]).toArray(float[][]::new),
        each.stream().map(w -> w.scores[0]).toArray(float[][]::new),
        baselines,
        each.stream().mapToInt(w -> w.live[0]).toArray(),
        each.stream().mapToInt(w -> w.scored[0]).toArray());
  }

  /** A number that all classes share. */
  static int[] same(int number, int classes) {
    int[] numbers = new int[classes];
    Arrays.fill(numbers, number);
    return numbers;
  }

  /** α of a class (K). */
  HostTensor alpha(int q) {
    return new HostTensor(Shape.of(alpha[q].length), alpha[q]);
  }

  /** The scores of a class (K, N). */
  HostTensor scores(int q) {
    int channels = alpha[q].length;
    return new HostTensor(Shape.of(channels, scores[q].length / channels), scores[q]);
  }
}
