package io.sscam.kernels.cuda.op;

import io.sscam.kernels.cuda.driver.CudaStream;

/** Launches {@code layout.cu}. */
public final class LayoutChange {
  private final OpModules modules;

  /** The kernels come from {@code modules}. */
  public LayoutChange(OpModules modules) {
    this.modules = modules;
  }

  /** (n, c, hw) float32 → (n, hw, padded) float16. */
  public void toChannelsLast(
      CudaStream stream, long in, int n, int c, long hw, int padded, long out) {
    Grid.positive(n, c, hw, padded - c + 1L);
    modules
        .kernel("layout", "nchw_f32_to_nhwc_f16")
        .pointer(in)
        .i32(n)
        .i32(c)
        .i64(hw)
        .i32(padded)
        .pointer(out)
        .launch(stream, Grid.strided(n * hw * padded), 1, 1, Grid.BLOCK, 0);
  }

  /** (n, hw, padded) float16 → (n, c, hw) float32. */
  public void toChannelsFirst(
      CudaStream stream, long in, int n, int c, long hw, int padded, long out) {
    Grid.positive(n, c, hw, padded - c + 1L);
    modules
        .kernel("layout", "nhwc_f16_to_nchw_f32")
        .pointer(in)
        .i32(n)
        .i32(c)
        .i64(hw)
        .i32(padded)
        .pointer(out)
        .launch(stream, Grid.strided(n * hw * c), 1, 1, Grid.BLOCK, 0);
  }

  /** n elements, float32 → float16. */
  public void toHalf(CudaStream stream, long in, long n, long out) {
    Grid.positive(n);
    modules
        .kernel("layout", "f32_to_f16")
        .pointer(in)
        .i64(n)
        .pointer(out)
        .launch(stream, Grid.strided(n), 1, 1, Grid.BLOCK, 0);
  }
}
