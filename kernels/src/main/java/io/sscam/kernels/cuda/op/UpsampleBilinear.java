package io.sscam.kernels.cuda.op;

import io.sscam.kernels.cuda.driver.CudaStream;

/** Launches {@code upsample_bilinear.cu}. */
public final class UpsampleBilinear {
  private final OpModules modules;

  /** The kernels come from {@code modules}. */
  public UpsampleBilinear(OpModules modules) {
    this.modules = modules;
  }

  /** U(maps): (K, h, w) → out (K, H, W). */
  public void run(
      CudaStream stream, long maps, int k, int h, int w, long out, int height, int width) {
    Grid.positive(k, h, w, height, width);
    Grid.aligned(out);
    long blocks = Grid.quads(h, w, height, width, modules.block());
    int rows = Grid.runs(blocks, k, modules.multiprocessors());
    modules
        .kernel("upsample_bilinear", "upsample_bilinear")
        .pointer(maps)
        .i32(k)
        .i32(h)
        .i32(w)
        .pointer(out)
        .i32(height)
        .i32(width)
        .launch(stream, blocks, rows, 1, modules.block(), 0);
  }
}
