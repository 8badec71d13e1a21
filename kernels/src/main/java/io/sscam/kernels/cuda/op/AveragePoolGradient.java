package io.sscam.kernels.cuda.op;

import io.sscam.kernels.cuda.driver.CudaStream;

/** Launches {@code average_pool_gradient.cu}. */
public final class AveragePoolGradient {
  private final OpModules modules;

  /** The kernels come from {@code modules}. */
  public AveragePoolGradient(OpModules modules) {
    this.modules = modules;
  }

  /** Of means over cells: gradient (c, rows, columns) → out, by the input (c, h, w). */
  public void run(
      CudaStream stream, long gradient, int c, int h, int w, int rows, int columns, long out) {
    Grid.positive(c, h, w, rows, columns);
    modules
        .kernel("average_pool_gradient", "average_pool_gradient")
        .pointer(gradient)
        .i32(c)
        .i32(h)
        .i32(w)
        .i32(rows)
        .i32(columns)
        .pointer(out)
        .launch(stream, Grid.strided((long) c * h * w), 1, 1, Grid.BLOCK, 0);
  }
}
