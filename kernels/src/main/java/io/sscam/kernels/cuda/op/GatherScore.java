package io.sscam.kernels.cuda.op;

import io.sscam.kernels.cuda.driver.CudaStream;

/** Launches {@code gather_score.cu}. */
public final class GatherScore {
  private final OpModules modules;

  /** The kernels come from {@code modules}. */
  public GatherScore(OpModules modules) {
    this.modules = modules;
  }

  /**
   * Scores of classes (q) from {@code count} rows of logits (count, width) → scores (q, pairs),
   * columns from {@code first} on.
   */
  public void run(
      CudaStream stream,
      long logits,
      int count,
      int width,
      long classes,
      int q,
      boolean probability,
      long first,
      long pairs,
      long scores) {
    Grid.positive(count, width, q, pairs);
    if (first < 0 || first + count > pairs) {
      throw new IllegalArgumentException(
          "columns " + first + " to " + (first + count - 1) + " of " + pairs);
    }
    modules
        .kernel("gather_score", "gather_score")
        .pointer(logits)
        .i32(count)
        .i32(width)
        .pointer(classes)
        .i32(q)
        .i32(probability ? 1 : 0)
        .i64(first)
        .i64(pairs)
        .pointer(scores)
        .launch(stream, count, 1, 1, Grid.BLOCK, 0);
  }
}
