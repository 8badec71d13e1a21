package io.sscam.engine.noise;

public final class GaussianNoise {
  public void fill(float[] d, int o, int n, long s, int k, int i, int e) {}
}
