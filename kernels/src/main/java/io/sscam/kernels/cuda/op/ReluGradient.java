package io.sscam.kernels.cuda.op;

import io.sscam.kernels.cuda.driver.CudaStream;

/** Launches {@code relu_gradient.cu}. */
public final class ReluGradient {
  private final OpModules modules;

  /** The kernels come from {@code modules}. */
  public ReluGradient(OpModules modules) {
    this.modules = modules;
  }

  /** The gradient where the value, the output of a ReLU, is above 0, else 0: n float32. */
  public void run(CudaStream stream, long value, long gradient, long n, long out) {
    Grid.positive(n);
    modules
        .kernel("relu_gradient", "relu_gradient")
        .pointer(value)
        .pointer(gradient)
        .i64(n)
        .pointer(out)
        .launch(stream, Grid.strided(n), 1, 1, Grid.BLOCK, 0);
  }
}
