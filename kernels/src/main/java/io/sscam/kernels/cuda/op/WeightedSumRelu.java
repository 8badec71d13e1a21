package io.sscam.kernels.cuda.op;

import io.sscam.kernels.cuda.driver.CudaStream;

/** Launches {@code weighted_sum_relu.cu}. */
public final class WeightedSumRelu {
  /** A warp has 32 pixels, and the 32 warps of a block share the channels. */
  private static final int PIXELS = 32;

  private static final int THREADS = 32 * PIXELS;

  private final OpModules modules;

  /** The kernels come from {@code modules}. */
  public WeightedSumRelu(OpModules modules) {
    this.modules = modules;
  }

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
    Grid.positive(q, live, h, w);
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
        .launch(stream, ((long) h * w + PIXELS - 1) / PIXELS, Grid.rows(q), 1, THREADS, 0);
  }
}
