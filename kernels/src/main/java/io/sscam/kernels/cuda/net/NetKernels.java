package io.sscam.kernels.cuda.net;

import io.sscam.engine.graph.Window;
import io.sscam.kernels.cuda.driver.CudaStream;
import io.sscam.kernels.cuda.op.Add;
import io.sscam.kernels.cuda.op.AveragePoolGradient;
import io.sscam.kernels.cuda.op.Epilogue;
import io.sscam.kernels.cuda.op.Layout;
import io.sscam.kernels.cuda.op.LayoutChange;
import io.sscam.kernels.cuda.op.MaxPoolGradient;
import io.sscam.kernels.cuda.op.OpModules;
import io.sscam.kernels.cuda.op.Pool;
import io.sscam.kernels.cuda.op.ReluGradient;

/** The project's own kernels that nets use, queued on one stream; the operands tell the variant. */
final class NetKernels {
  private final CudaStream stream;
  private final Pool pool;
  private final Epilogue epilogue;
  private final LayoutChange layouts;
  private final ReluGradient reluGradient;
  private final MaxPoolGradient maxPoolGradient;
  private final AveragePoolGradient averagePoolGradient;
  private final Add add;

  NetKernels(OpModules modules, CudaStream stream) {
    this.stream = stream;
    this.pool = new Pool(modules);
    this.epilogue = new Epilogue(modules);
    this.layouts = new LayoutChange(modules);
    this.reluGradient = new ReluGradient(modules);
    this.maxPoolGradient = new MaxPoolGradient(modules);
    this.averagePoolGradient = new AveragePoolGradient(modules);
    this.add = new Add(modules);
  }

  private static Layout layout(Operand value) {
    return value.half() ? Layout.NHWC_F16 : Layout.NCHW_F32;
  }

  /**
   * Maxima of a packed value.
   *
   * @param y the first stored element of what {@code out} is a part of
   */
  void maxPool(Operand in, Operand out, int pictures, Window window, long x, long y) {
    Pool.MaxTarget target =
        new Pool.MaxTarget(y, out.height(), out.width(), out.stored(), out.first());
    int channels = in.channels();
    pool.max(stream, layout(in), x, pictures, channels, in.height(), in.width(), window, target);
  }

  /** Means of a packed value over a grid of cells, in the order N C rows columns. */
  void adaptiveAvgPool(Operand in, int pictures, long x, long y, int rows, int columns) {
    int channels = in.channels();
    pool.adaptiveAverage(
        stream, layout(in), x, pictures, channels, in.height(), in.width(), y, rows, columns);
  }

  /** Means of a packed float16 value (n, h, w, c) → float32 (n, c). */
  void globalAvgPool(Operand in, int pictures, long x, long y) {
    pool.globalAverage(stream, x, pictures, in.channels(), in.plane(), y);
  }

  /** y = relu?(y + bias + z) in place, y packed; z 0: none. */
  void biasResidualRelu(Operand out, int pictures, long y, long bias, long z, boolean relu) {
    int channels = out.channels();
    epilogue.biasResidualRelu(
        stream, layout(out), y, bias, z, pictures, channels, out.plane(), relu);
  }

  /** y = relu?(y + bias) in place, y (rows, width). */
  void biasReluRows(boolean half, long y, long bias, int rows, int width, boolean relu) {
    epilogue.biasReluRows(stream, half, y, bias, rows, width, relu);
  }

  /**
   * Copies a packed value into its slice of another.
   *
   * @param y the first stored element of what {@code to} is a part of
   */
  void copyChannels(Operand from, int pictures, long x, Operand to, long y) {
    epilogue.copyChannels(
        stream,
        layout(from),
        x,
        pictures,
        from.channels(),
        from.plane(),
        y,
        to.stored(),
        to.first());
  }

  /** A float16 value, its channels perhaps padded → float32 N C H W. */
  void toFloat(Operand value, int pictures, long from, long to) {
    int channels = value.channels();
    if (value.channelsLast()) {
      layouts.toChannelsFirst(stream, from, pictures, channels, value.plane(), value.stored(), to);
    } else {
      // In this order already: a picture is one pixel of many channels.
      int row = Math.toIntExact(channels * value.plane());
      layouts.toChannelsFirst(stream, from, pictures, row, 1, row, to);
    }
  }

  /** Rounds float32 to float16. */
  void toHalf(long from, long count, long to) {
    layouts.toHalf(stream, from, count, to);
  }

  /** float32 (n, channels, plane) → float16 (n, plane, padded), the padding zero. */
  void toChannelsLast(long from, int n, int channels, long plane, int padded, long to) {
    layouts.toChannelsLast(stream, from, n, channels, plane, padded, to);
  }

  /** The gradient where the value, a ReLU's output, is above 0, else 0: n elements. */
  void reluGradient(long value, long gradient, long n, long to) {
    reluGradient.run(stream, value, gradient, n, to);
  }

  /**
   * By the input of maxima over windows, x being that input; {@code in} and {@code out} tell
   * shapes.
   */
  void maxPoolGradient(Operand in, Operand out, Window window, long x, long gradient, long to) {
    int channels = in.channels();
    maxPoolGradient.run(
        stream,
        x,
        gradient,
        channels,
        in.height(),
        in.width(),
        window,
        out.height(),
        out.width(),
        to);
  }

  /** By the input of means over a grid of cells; {@code in} and {@code out} tell the shapes. */
  void averagePoolGradient(Operand in, Operand out, long gradient, long to) {
    int channels = in.channels();
    averagePoolGradient.run(
        stream, gradient, channels, in.height(), in.width(), out.height(), out.width(), to);
  }

  /** Sums of n elements. */
  void add(long one, long other, long n, long to) {
    add.run(stream, one, other, n, to);
  }
}
