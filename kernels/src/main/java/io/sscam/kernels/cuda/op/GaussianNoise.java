package io.sscam.kernels.cuda.op;

import io.sscam.kernels.cuda.driver.CudaStream;

/** Launches {@code gaussian_noise.cu}. */
public final class GaussianNoise {
  private final OpModules modules;

  /** The kernels come from {@code modules}. */
  public GaussianNoise(OpModules modules) {
    this.modules = modules;
  }

  /** z(seed, channel, sample) → out (n). */
  public void run(CudaStream stream, long seed, int channel, int sample, long out, long n) {
    Grid.positive(n);
    Grid.aligned(out);
    modules
        .kernel("gaussian_noise", "gaussian_noise")
        .i64(seed)
        .i32(channel)
        .i32(sample)
        .pointer(out)
        .i64(n)
        .launch(stream, Grid.quads(n), 1, 1, Grid.BLOCK, 0);
  }
}
