package io.sscam.kernels.cuda.op;

import io.sscam.kernels.cuda.driver.CudaStream;

/** Launches {@code weighted_sum_relu.cu}. */
public final class WeightedSumRelu {
  private final OpModules modules;

  /** The kernels come from {@code modules}. */
  public WeightedSumRelu(OpModules modules) {
    this.modules = modules;
  }

  private static final int PIXELS = 32;

  /** ReLU(Σ alpha · maps) over channels (live): alpha (q, live), maps (K, h, w) → out (q, h, w). */
  public void run(
      CudaStream stream,
      long alpha,
      long channels,
      long maps,
      int q,
      int live,
      int h,
      int w,
      long out) {
    modules
        .kernel("weighted_sum_relu", "weighted_sum_relu")
        .pointer(alpha)
        .pointer(channels)
        .pointer(maps)
        .i32(q)
        .i32(live)
        .i32(h)
        .i32(w)
        .pointer(out)
        .launch(stream, ((long) h * w + PIXELS - 1) / PIXELS, Grid.rows(q), 1, Grid.BLOCK, 0);
  }
}
