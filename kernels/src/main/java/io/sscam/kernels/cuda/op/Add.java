package io.sscam.kernels.cuda.op;

import io.sscam.kernels.cuda.driver.CudaStream;

/** Launches {@code add.cu}. */
public final class Add {
  private final OpModules modules;

  /** The kernels come from {@code modules}. */
  public Add(OpModules modules) {
    this.modules = modules;
  }

  /** out = a + b, n elements of float32. */
  public void run(CudaStream stream, long a, long b, long n, long out) {
    Grid.positive(n);
    modules
        .kernel("add", "add")
        .pointer(a)
        .pointer(b)
        .i64(n)
        .pointer(out)
        .launch(stream, Grid.strided(n), 1, 1, Grid.BLOCK, 0);
  }
}
