package io.sscam.kernels.cuda.op;

import io.sscam.kernels.cuda.driver.CudaStream;

/** Launches {@code minmax.cu}; each writes ranges (K, 2). */
public final class MinMax {
  private final OpModules modules;

  /** The kernels come from {@code modules}. */
  public MinMax(OpModules modules) {
    this.modules = modules;
  }

  /** Of maps (K, elements). */
  public void run(CudaStream stream, long maps, int k, long elements, long range) {
    Grid.positive(k, elements);
    modules
        .kernel("minmax", "minmax")
        .pointer(maps)
        .i32(k)
        .i64(elements)
        .pointer(range)
        .launch(stream, k, 1, 1, modules.block(), 0);
  }

  /** Of U(maps) over height × width. */
  public void upsampled(
      CudaStream stream, long maps, int k, int h, int w, int height, int width, long range) {
    Grid.positive(k, h, w, height, width);
    Grid.fits(h, w, height, width);
    modules
        .kernel("minmax", "upsampled_minmax")
        .pointer(maps)
        .i32(k)
        .i32(h)
        .i32(w)
        .i32(height)
        .i32(width)
        .pointer(range)
        .launch(stream, k, 1, 1, modules.block(), 0);
  }

  /** Of the masks of maps times image (C, H, W); affine (K, 3). */
  public void masked(
      CudaStream stream,
      long maps,
      long affine,
      long image,
      int k,
      int h,
      int w,
      int channels,
      int height,
      int width,
      long range) {
    Grid.positive(k, h, w, channels, height, width);
    Grid.fits(h, w, height, width);
    Grid.aligned(image);
    modules
        .kernel("minmax", "masked_minmax")
        .pointer(maps)
        .pointer(affine)
        .pointer(image)
        .i32(k)
        .i32(h)
        .i32(w)
        .i32(channels)
        .i32(height)
        .i32(width)
        .pointer(range)
        .launch(stream, k, 1, 1, modules.block(), 0);
  }
}
