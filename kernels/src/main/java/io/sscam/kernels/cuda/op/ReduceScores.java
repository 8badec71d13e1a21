package io.sscam.kernels.cuda.op;

import io.sscam.kernels.cuda.driver.CudaStream;

/** Launches {@code reduce_scores.cu}. */
public final class ReduceScores {
  private final OpModules modules;

  /** The kernels come from {@code modules}. */
  public ReduceScores(OpModules modules) {
    this.modules = modules;
  }

  /** scores (q, live · samples) less baseline (q) → out (q, live). */
  public void run(
      CudaStream stream,
      long scores,
      int q,
      int live,
      int samples,
      boolean mean,
      long baseline,
      long out) {
    Grid.positive(q, live, samples);
    modules
        .kernel("reduce_scores", "reduce_scores")
        .pointer(scores)
        .i32(q)
        .i32(live)
        .i32(samples)
        .i32(mean ? 1 : 0)
        .pointer(baseline)
        .pointer(out)
        .launch(stream, Grid.strided((long) q * live), 1, 1, Grid.BLOCK, 0);
  }
}
