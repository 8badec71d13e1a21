package io.sscam.kernels.cuda.op;

import io.sscam.engine.graph.Window;
import io.sscam.kernels.cuda.driver.CudaStream;

/** Launches {@code max_pool_gradient.cu}. */
public final class MaxPoolGradient {
  private final OpModules modules;

  /** The kernels come from {@code modules}. */
  public MaxPoolGradient(OpModules modules) {
    this.modules = modules;
  }

  /**
   * The gradient by the input of a maximum over windows.
   *
   * @param in the input (c, h, w)
   * @param gradient by the output (c, rows, columns)
   * @param out by the input (c, h, w)
   */
  public void run(
      CudaStream stream,
      long in,
      long gradient,
      int c,
      int h,
      int w,
      Window window,
      int rows,
      int columns,
      long out) {
    Grid.positive(c, h, w, rows, columns);
    modules
        .kernel("max_pool_gradient", "max_pool_gradient")
        .pointer(in)
        .pointer(gradient)
        .i32(c)
        .i32(h)
        .i32(w)
        .i32(window.kernel())
        .i32(window.stride())
        .i32(window.padding())
        .i32(rows)
        .i32(columns)
        .pointer(out)
        .launch(stream, Grid.strided((long) c * h * w), 1, 1, Grid.BLOCK, 0);
  }
}
