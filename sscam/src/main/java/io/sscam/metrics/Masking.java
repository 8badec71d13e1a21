package io.sscam.metrics;

import io.sscam.engine.HostTensor;

/** Inputs with parts taken out, as the net sees them: 0 is the mean colour. */
public final class Masking {
  private Masking() {}

  /**
   * X ⊙ heatmap.
   *
   * @param input X (1, C, H, W) or (C, H, W)
   * @param heatmap (H, W)
   * @return of X's shape
   */
  public static HostTensor explained(HostTensor input, HostTensor heatmap) {
    float[] x = input.data();
    float[] mask = heatmap.data();
    if (x.length % mask.length != 0) {
      throw new IllegalArgumentException(heatmap.shape() + " does not lie over " + input.shape());
    }
    float[] product = new float[x.length];
    for (int e = 0; e < x.length; e++) {
      product[e] = x[e] * mask[e % mask.length];
    }
    return new HostTensor(input.shape(), product);
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
