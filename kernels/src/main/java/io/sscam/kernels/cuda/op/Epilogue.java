package io.sscam.kernels.cuda.op;

import io.sscam.kernels.cuda.driver.CudaStream;

/** Launches {@code epilogue.cu}. */
public final class Epilogue {
  private final OpModules modules;

  /** The kernels come from {@code modules}. */
  public Epilogue(OpModules modules) {
    this.modules = modules;
  }

  /** y = relu?(y + bias + residual), y (n, c, hw) in the layout; residual 0: none. */
  public void biasResidualRelu(
      CudaStream stream,
      Layout layout,
      long y,
      long bias,
      long residual,
      int n,
      int c,
      long hw,
      boolean relu) {
    Grid.positive(n, c, hw);
    Grid.aligned(y, residual);
    modules
        .kernel("epilogue", "bias_residual_relu_" + layout.suffix())
        .pointer(y)
        .pointer(bias)
        .pointer(residual)
        .i32(n)
        .i32(c)
        .i64(hw)
        .i32(relu ? 1 : 0)
        .launch(stream, Grid.strided(n * hw * c, together(layout, c, hw)), 1, 1, Grid.BLOCK, 0);
  }

  /** Elements that a thread takes at once: 16 bytes where the sizes allow it. */
  private static int together(Layout layout, int channels, long hw) {
    return layout == Layout.NCHW_F32 ? packed(hw, 4) : packed(channels, 8);
  }

  private static int packed(long size, int elements) {
    return size % elements == 0 ? elements : 1;
  }

  /** y = relu?(y + bias), y (rows, width), float16 or float32; bias float32. */
  public void biasReluRows(
      CudaStream stream, boolean half, long y, long bias, int rows, int width, boolean relu) {
    Grid.positive(rows, width);
    Grid.aligned(y);
    modules
        .kernel("epilogue", half ? "bias_relu_rows_f16" : "bias_relu_rows_f32")
        .pointer(y)
        .pointer(bias)
        .i32(rows)
        .i32(width)
        .i32(relu ? 1 : 0)
        .launch(
            stream,
            Grid.strided((long) rows * width, packed(width, half ? 8 : 4)),
            1,
            1,
            Grid.BLOCK,
            0);
  }

  /** in (n, c, hw) → the channels from {@code offset} on of out (n, channels, hw). */
  public void copyChannels(
      CudaStream stream,
      Layout layout,
      long in,
      int n,
      int c,
      long hw,
      long out,
      int channels,
      int offset) {
    Grid.positive(n, c, hw);
    Grid.aligned(in, out);
    Grid.slice(c, channels, offset);
    modules
        .kernel("epilogue", "copy_channels_" + layout.suffix())
        .pointer(in)
        .i32(n)
        .i32(c)
        .i64(hw)
        .pointer(out)
        .i32(channels)
        .i32(offset)
        .launch(
            stream,
            Grid.strided(n * hw * c, together(layout, c | channels | offset, hw)),
            1,
            1,
            Grid.BLOCK,
            0);
  }
}
