package io.sscam.kernels.cuda.op;

import io.sscam.engine.graph.Window;
import io.sscam.kernels.cuda.driver.CudaStream;

/** Launches {@code pool.cu}. */
public final class Pool {
  private final OpModules modules;

  /** The kernels come from {@code modules}. */
  public Pool(OpModules modules) {
    this.modules = modules;
  }

  /** Where a pool of (n, c, h, w) goes: channels from {@code offset} on of {@code channels}. */
  public record MaxTarget(long address, int height, int width, int channels, int offset) {}

  /** Maxima over windows clipped to the input. */
  public void max(
      CudaStream stream,
      Layout layout,
      long in,
      int n,
      int c,
      int h,
      int w,
      Window window,
      MaxTarget out) {
    Grid.positive(n, c, h, w, out.height, out.width);
    Grid.aligned(in, out.address);
    Grid.slice(c, out.channels, out.offset);
    boolean vectors = layout == Layout.NHWC_F16 && (c | out.channels | out.offset) % 8 == 0;
    long elements = (long) n * c * out.height * out.width;
    modules
        .kernel("pool", "max_pool_" + layout.suffix())
        .pointer(in)
        .i32(n)
        .i32(c)
        .i32(h)
        .i32(w)
        .i32(window.kernel())
        .i32(window.stride())
        .i32(window.padding())
        .pointer(out.address)
        .i32(out.height)
        .i32(out.width)
        .i32(out.channels)
        .i32(out.offset)
        .launch(stream, Grid.strided(elements, vectors ? 8 : 1), 1, 1, Grid.BLOCK, 0);
  }

  /** Means over a grid of cells → (n, c, rows, columns) in NCHW order, of the layout's type. */
  public void adaptiveAverage(
      CudaStream stream,
      Layout layout,
      long in,
      int n,
      int c,
      int h,
      int w,
      long out,
      int rows,
      int columns) {
    Grid.positive(n, c, h, w, rows, columns);
    modules
        .kernel("pool", "adaptive_avg_pool_" + layout.suffix())
        .pointer(in)
        .i32(n)
        .i32(c)
        .i32(h)
        .i32(w)
        .pointer(out)
        .i32(rows)
        .i32(columns)
        .launch(stream, Grid.strided((long) n * c * rows * columns), 1, 1, Grid.BLOCK, 0);
  }

  /** Means of (n, hw, c) float16 → (n, c) float32. */
  public void globalAverage(CudaStream stream, long in, int n, int c, long hw, long out) {
    Grid.positive(n, c, hw);
    modules
        .kernel("pool", "global_avg_pool_nhwc_f16_to_f32")
        .pointer(in)
        .i32(n)
        .i32(c)
        .i64(hw)
        .pointer(out)
        .launch(stream, Grid.strided((long) n * c), 1, 1, Grid.BLOCK, 0);
  }
}
