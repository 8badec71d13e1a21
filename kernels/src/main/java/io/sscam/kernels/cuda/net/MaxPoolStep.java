package io.sscam.kernels.cuda.net;

import io.sscam.engine.graph.Layer;
import io.sscam.engine.graph.Window;
import io.sscam.kernels.cuda.driver.DevicePointer;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnPoolingDescriptor;
import jcuda.jcudnn.cudnnTensorDescriptor;
import org.jspecify.annotations.Nullable;

/** A maximum over windows: cuDNN's where it has such windows, else our own kernel. */
final class MaxPoolStep implements Step {
  private final NetTools tools;
  private final Layer.MaxPool2d layer;
  private final int pictures;
  private final Operand in;
  private final Operand out;
  private final long x;
  private final long y;
  private final @Nullable Cudnn cudnn;

  /** What cuDNN needs to know. */
  private record Cudnn(
      cudnnPoolingDescriptor pool, cudnnTensorDescriptor x, cudnnTensorDescriptor y) {}

  /**
   * Binds the layer; runs it once to see whether cuDNN takes it.
   *
   * @param x the first element of the input, which is packed
   * @param y the first stored element of what the output is a part of
   */
  MaxPoolStep(
      NetTools tools,
      Descriptors make,
      Layer.MaxPool2d layer,
      int pictures,
      Operand in,
      Operand out,
      long x,
      long y) {
    this.tools = tools;
    this.layer = layer;
    this.pictures = pictures;
    this.in = in;
    this.out = out;
    this.x = x;
    this.y = y;
    this.cudnn = tryCudnn(make);
  }

  private @Nullable Cudnn tryCudnn(Descriptors make) {
    if (hangsOver(in.height(), out.height()) || hangsOver(in.width(), out.width())) {
      return null;
    }
    Cudnn made =
        new Cudnn(
            make.maxPool(layer.window()), make.tensor(in, pictures), make.tensor(out, pictures));
    int status = forward(made);
    tools.stream().synchronise();
    return status == 0 ? made : null;
  }

  /** Whether the last window is one that only rounding up gives, which cuDNN does not have. */
  private boolean hangsOver(int extent, int windows) {
    Window window = layer.window();
    return (extent + 2 * window.padding() - window.kernel()) / window.stride() + 1 != windows
        || extent + 2 * window.padding() < window.kernel();
  }

  private int forward(Cudnn with) {
    return JCudnn.cudnnPoolingForward(
        tools.cudnn().handle(),
        with.pool,
        Scalars.ONE,
        with.x,
        new DevicePointer(x),
        Scalars.ZERO,
        with.y,
        new DevicePointer(y + out.offsetBytes()));
  }

  @Override
  public void enqueue() {
    if (cudnn == null) {
      tools.kernels().maxPool(in, out, pictures, layer.window(), x, y);
    } else {
      CudnnHandle.check(forward(cudnn), "cudnnPoolingForward", describe());
    }
  }

  @Override
  public String describe() {
    return layer.name() + ": " + (cudnn == null ? "kernel max_pool" : "cuDNN max pool");
  }
}
