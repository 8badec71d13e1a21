package io.sscam.metrics;

import io.sscam.engine.HostTensor;

/**
 * Blurs an input as RISE's insertion game does (Petsiuk et al., arXiv 1806.07421; {@code gkern(11,
 * 5)} of its evaluation.py): 11×11 taps, zeros outside the picture. The taps are a unit impulse in
 * the middle of 11 places, blurred by a Gaussian of σ = 5 whose tails are folded back at both ends
 * (scipy's gaussian_filter, cut at 4σ); they sum to 1 and are flatter than the Gaussian itself.
 */
final class GaussianBlur {
  private static final int RADIUS = 5;
  private static final double SIGMA = 5;
  private static final int REACH = 20;

  private GaussianBlur() {}

  /** The blurred input, of the same shape (…, H, W). */
  static float[] apply(HostTensor input) {
    int rank = input.shape().rank();
    int height = input.shape().dim(rank - 2);
    int width = input.shape().dim(rank - 1);
    double[] taps = taps();
    float[] x = input.data();
    float[] across = new float[x.length];
    float[] result = new float[x.length];
    for (int row = 0; row < x.length / width; row++) {
      pass(x, across, row * width, 1, width, taps);
    }
    for (int plane = 0; plane < x.length / (width * height); plane++) {
      for (int column = 0; column < width; column++) {
        pass(across, result, plane * height * width + column, width, height, taps);
      }
    }
    return result;
  }

  private static double[] taps() {
    double[] taps = new double[2 * RADIUS + 1];
    double sum = 0;
    for (int d = -REACH; d <= REACH; d++) {
      double value = Math.exp(-d * d / (2 * SIGMA * SIGMA));
      taps[folded(RADIUS + d, taps.length)] += value;
      sum += value;
    }
    for (int i = 0; i < taps.length; i++) {
      taps[i] /= sum;
    }
    return taps;
  }

  /** The place among {@code count} that is meant by one beyond the ends: … 1 0 0 1 2 … */
  private static int folded(int place, int count) {
    int within = Math.floorMod(place, 2 * count);
    return Math.min(within, 2 * count - 1 - within);
  }

  private static void pass(
      float[] from, float[] to, int start, int step, int count, double[] taps) {
    for (int i = 0; i < count; i++) {
      double sum = 0;
      for (int t = Math.max(0, i - RADIUS); t <= Math.min(count - 1, i + RADIUS); t++) {
        sum += taps[t - i + RADIUS] * from[start + t * step];
      }
      to[start + i * step] = (float) sum;
    }
  }
}
