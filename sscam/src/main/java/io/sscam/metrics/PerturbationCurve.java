package io.sscam.metrics;

import io.sscam.engine.HostTensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Deletion and insertion (Petsiuk et al., arXiv 1806.07421): pixels leave or enter the input by
 * falling heatmap value, equal ones in C order, in {@link #STEPS} steps of about the same number,
 * and the class's probability is watched. Deletion goes from the input to zeros (the mean colour),
 * insertion from the blurred input to the input.
 */
public final class PerturbationCurve {
  /** Steps from the first input to the last. */
  public static final int STEPS = 100;

  /** The probability of the class that is explained. */
  @FunctionalInterface
  public interface Scorer {

    /**
     * Scores some inputs.
     *
     * @param inputs (count, C, H, W) one after the other
     * @return count probabilities
     */
    double[] probabilities(float[] inputs, int count);
  }

  private final float[] from;
  private final float[] to;
  private final int[] order;

  private PerturbationCurve(float[] from, float[] to, HostTensor heatmap) {
    this.from = from;
    this.to = to;
    float[] values = heatmap.data();
    this.order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted((a, b) -> Float.compare(values[b] + 0f, values[a] + 0f)) // stable; −0 = 0
            .mapToInt(Integer::intValue)
            .toArray();
  }

  /**
   * From the input to zeros: the lower, the better the map.
   *
   * @param input (1, C, H, W) or (C, H, W)
   * @param heatmap (H, W)
   * @throws IllegalArgumentException if H×W differ
   */
  public static PerturbationCurve deletion(HostTensor input, HostTensor heatmap) {
    Masking.requireOver(input, heatmap);
    return new PerturbationCurve(input.data(), new float[input.data().length], heatmap);
  }

  /**
   * From the blurred input to the input: the higher, the better the map.
   *
   * @param input (1, C, H, W) or (C, H, W)
   * @param heatmap (H, W)
   * @throws IllegalArgumentException if H×W differ
   */
  public static PerturbationCurve insertion(HostTensor input, HostTensor heatmap) {
    Masking.requireOver(input, heatmap);
    return new PerturbationCurve(GaussianBlur.apply(input), input.data(), heatmap);
  }

  /**
   * The probabilities after 0, 1 … {@link #STEPS} steps.
   *
   * @param batch inputs scored at once, at least 1; the last time there may be fewer
   */
  public double[] probabilities(Scorer scorer, int batch) {
    double[] curve = new double[STEPS + 1];
    float[] current = from.clone();
    float[] inputs = new float[Math.min(batch, STEPS + 1) * from.length];
    int waiting = 0;
    for (int step = 0; step <= STEPS; step++) {
      if (step > 0) {
        exchange(current, pixels(step - 1), pixels(step));
      }
      System.arraycopy(current, 0, inputs, waiting * from.length, from.length);
      waiting++;
      if (waiting * from.length == inputs.length || step == STEPS) {
        float[] filled = Arrays.copyOf(inputs, waiting * from.length);
        double[] scores = scorer.probabilities(filled, waiting);
        System.arraycopy(scores, 0, curve, step + 1 - waiting, waiting);
        waiting = 0;
      }
    }
    return curve;
  }

  /** Pixels exchanged after a step. */
  private int pixels(int step) {
    return (int) ((long) order.length * step / STEPS);
  }

  private void exchange(float[] current, int first, int end) {
    for (int i = first; i < end; i++) {
      for (int e = order[i]; e < current.length; e += order.length) {
        current[e] = to[e];
      }
    }
  }

  /** The area under a curve over [0, 1], by trapezoids. */
  public static double area(double[] curve) {
    double sum = (curve[0] + curve[curve.length - 1]) / 2;
    for (int i = 1; i + 1 < curve.length; i++) {
      sum += curve[i];
    }
    return sum / (curve.length - 1);
  }
}
