package io.sscam.metrics;

import io.sscam.engine.HostTensor;

/**
 * Blurs an input as RISE's insertion game does (Petsiuk et al., arXiv 1806.07421, its code): 11×11
 * taps of a Gaussian of σ = 5, normalised to sum 1, zeros outside the picture.
 */
final class GaussianBlur {
  private static final int RADIUS = 5;
  private static final double SIGMA = 5;

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
    for (int i = 0; i < taps.length; i++) {
      taps[i] = Math.exp(-(i - RADIUS) * (i - RADIUS) / (2 * SIGMA * SIGMA));
      sum += taps[i];
    }
    for (int i = 0; i < taps.length; i++) {
      taps[i] /= sum;
    }
    return taps;
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
