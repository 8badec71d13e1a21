package io.sscam.metrics;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import java.util.Arrays;

/** Controls that look at neither the picture nor the net. */
public final class FixedMaps {
  private FixedMaps() {}

  /** 1 everywhere. */
  public static HostTensor uniform(int height, int width) {
    float[] values = new float[height * width];
    Arrays.fill(values, 1);
    return new HostTensor(Shape.of(height, width), values);
  }

  /** A Gaussian around the middle, its σ a quarter of each side, its peak scaled to 1. */
  public static HostTensor centredGaussian(int height, int width) {
    float[] values = new float[height * width];
    double peak = 0;
    double[] exact = new double[values.length];
    for (int e = 0; e < exact.length; e++) {
      double y = (Math.floorDiv(e, width) + 0.5) / height - 0.5;
      double x = (e % width + 0.5) / width - 0.5;
      exact[e] = Math.exp(-(x * x + y * y) / (2 * 0.25 * 0.25));
      peak = Math.max(peak, exact[e]);
    }
    for (int e = 0; e < exact.length; e++) {
      values[e] = (float) (exact[e] / peak);
    }
    return new HostTensor(Shape.of(height, width), values);
  }
}
