package io.sscam.kernels.cuda.op;

import io.sscam.kernels.cuda.driver.CudaStream;

/** Launches {@code normalize.cu}. */
public final class Normalize {
  private final OpModules modules;

  /** The kernels come from {@code modules}. */
  public Normalize(OpModules modules) {
    this.modules = modules;
  }

  /** maps (K, elements) by ranges (K, 2) → out (K, elements). */
  public void run(CudaStream stream, long maps, long range, int k, long elements, long out) {
    Grid.positive(k, elements);
    Grid.aligned(maps, out);
    modules
        .kernel("normalize", "normalize")
        .pointer(maps)
        .pointer(range)
        .i32(k)
        .i64(elements)
        .pointer(out)
        .launch(stream, Grid.quads(elements), Grid.rows(k), 1, Grid.BLOCK, 0);
  }
}
