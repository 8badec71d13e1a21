package io.sscam.kernels.cuda.op;

import io.sscam.kernels.cuda.driver.CudaStream;

/** Launches {@code softmax.cu}. */
public final class Softmax {
  private final OpModules modules;

  /** The kernels come from {@code modules}. */
  public Softmax(OpModules modules) {
    this.modules = modules;
  }

  /** Softmax of rows (q, width) → out, which may be rows itself. */
  public void run(CudaStream stream, long rows, int q, int width, long out) {
    Grid.positive(q, width);
    modules
        .kernel("softmax", "softmax")
        .pointer(rows)
        .i32(q)
        .i32(width)
        .pointer(out)
        .launch(stream, q, 1, 1, Grid.BLOCK, 0);
  }
}
