package io.sscam.metrics;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;

/** Inputs with parts taken out, as the net sees them: 0 is the mean colour. */
public final class Masking {
  private Masking() {}

  /**
   * X ⊙ heatmap.
   *
   * @param input X (1, C, H, W) or (C, H, W)
   * @param heatmap (H, W)
   * @return of X's shape
   * @throws IllegalArgumentException if H×W are not those of X
   */
  public static HostTensor explained(HostTensor input, HostTensor heatmap) {
    requireOver(input, heatmap);
    float[] x = input.data();
    float[] mask = heatmap.data();
    float[] product = new float[x.length];
    for (int e = 0; e < x.length; e++) {
      product[e] = x[e] * mask[e % mask.length];
    }
    return new HostTensor(input.shape(), product);
  }

  /** Refuses a heatmap that is not as high and wide as the input. */
  static void requireOver(HostTensor input, HostTensor heatmap) {
    int rank = input.shape().rank();
    boolean fits =
        rank >= 2
            && heatmap
                .shape()
                .equals(Shape.of(input.shape().dim(rank - 2), input.shape().dim(rank - 1)));
    if (!fits) {
      throw new IllegalArgumentException(
          "a heatmap of " + heatmap.shape() + " does not lie over an input of " + input.shape());
    }
  }

  /** The mean of the heatmap: ADCC's complexity of a map in [0, 1]. */
  public static double complexity(HostTensor heatmap) {
    double sum = 0;
    for (float value : heatmap.data()) {
      sum += value;
    }
    return sum / heatmap.data().length;
  }
}
