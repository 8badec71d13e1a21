package io.sscam.kernels.cuda.op;

import io.sscam.kernels.cuda.driver.CudaStream;

/** Launches {@code mask_multiply.cu}. */
public final class MaskMultiply {
  private final OpModules modules;

  /** The kernels come from {@code modules}. */
  public MaskMultiply(OpModules modules) {
    this.modules = modules;
  }

  /** mask (hw) times image (C, hw) → out (C, hw). */
  public void run(CudaStream stream, long mask, long image, int channels, long hw, long out) {
    Grid.positive(channels, hw);
    Grid.aligned(mask, image, out);
    long blocks = Grid.quads(hw, modules.block());
    int rows = Grid.runs(blocks, channels, modules.multiprocessors());
    modules
        .kernel("mask_multiply", "mask_multiply")
        .pointer(mask)
        .pointer(image)
        .i32(channels)
        .i64(hw)
        .pointer(out)
        .launch(stream, blocks, rows, 1, modules.block(), 0);
  }
}
