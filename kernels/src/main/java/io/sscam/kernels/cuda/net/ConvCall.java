package io.sscam.kernels.cuda.net;

import io.sscam.engine.backend.Precision;
import io.sscam.engine.graph.Window;
import io.sscam.kernels.cuda.driver.DevicePointer;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnActivationDescriptor;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnMathType;
import jcuda.jcudnn.cudnnTensorDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * A convolution y = relu(w ∗ x + b + z) with its descriptors and addresses, to be run in any {@link
 * ConvWay}. The scratch of a way: first an output without strides if it wants one, then cuDNN's
 * workspace.
 */
final class ConvCall {
  private static final long ALIGNMENT = 256;

  /** cuDNN's kernels read and write so many bytes at once. */
  private static final int VECTOR = 16;

  /**
   * What is to be computed.
   *
   * @param name the layer
   * @param input x; its channels may be padded
   * @param residual z, or null
   * @param output y; may be a slice
   */
  record Layer(
      String name,
      int pictures,
      Window window,
      boolean relu,
      Operand input,
      @Nullable Operand residual,
      Operand output,
      Precision precision) {

    /** Everything that the fastest way may depend on. */
    String key() {
      String extents = pictures + " pictures " + input + " -> " + output;
      String fused = (relu ? " relu" : "") + (residual == null ? "" : " residual");
      String sliding =
          " kernel " + window.kernel() + " stride " + window.stride() + " pad " + window.padding();
      return precision + " " + extents + sliding + fused;
    }
  }

  /** Device addresses of x, z (or 0) and y, and of the parameters. */
  record Addresses(long x, long z, long y, DeviceWeights.LayerWeights weights) {}

  private final CudnnHandle cudnn;
  private final NetKernels kernels;
  private final Layer layer;
  private final Addresses at;
  private final cudnnTensorDescriptor x;
  private final cudnnTensorDescriptor slice;
  private final cudnnTensorDescriptor whole;
  private final cudnnTensorDescriptor bias;
  private final cudnnFilterDescriptor filter;
  private final cudnnConvolutionDescriptor convolution;

  /** With cuDNN's default arithmetic, where that is another. */
  private final cudnnConvolutionDescriptor fallback;

  private final cudnnActivationDescriptor activation;

  ConvCall(NetTools tools, Descriptors make, Layer layer, Addresses at) {
    this.cudnn = tools.cudnn();
    this.kernels = tools.kernels();
    this.layer = layer;
    this.at = at;
    Operand in = layer.input;
    Operand out = layer.output;
    boolean half = in.half();
    // The padding's channels meet zeros among the weights.
    x = make.tensor(in.slice(0, in.stored()), layer.pictures);
    slice = make.tensor(out, layer.pictures);
    whole = out.isPacked() ? slice : make.tensor(packed(out), layer.pictures);
    bias = make.bias(out.channels(), half);
    filter = make.filter(out.channels(), in.stored(), layer.window.kernel(), half);
    convolution = make.convolution(layer.window, math(layer.precision));
    fallback =
        half ? make.convolution(layer.window, cudnnMathType.CUDNN_DEFAULT_MATH) : convolution;
    activation = make.activation(layer.relu);
  }

  private static Operand packed(Operand y) {
    return new Operand(
        null, 0, y.half(), y.channelsLast(), y.channels(), y.height(), y.width(), y.channels(), 0);
  }

  /** DEFAULT lets cuDNN use TF32; FMA forbids it. */
  static int math(Precision precision) {
    return switch (precision) {
      case FP32 -> cudnnMathType.CUDNN_FMA_MATH;
      case TF32 -> cudnnMathType.CUDNN_DEFAULT_MATH;
      case FP16 -> cudnnMathType.CUDNN_TENSOR_OP_MATH;
      case BF16 -> throw new IllegalStateException("refused when the net was loaded");
    };
  }

  Layer layer() {
    return layer;
  }

  cudnnTensorDescriptor input() {
    return x;
  }

  cudnnFilterDescriptor filter() {
    return filter;
  }

  cudnnConvolutionDescriptor convolution() {
    return convolution;
  }

  cudnnTensorDescriptor output(boolean direct) {
    return direct ? slice : whole;
  }

  Addresses addresses() {
    return at;
  }

  /** Whether a way makes sense here; our own kernel finishes packed outputs only. */
  boolean allows(ConvWay way) {
    if (way.defaultMath() && !layer.input.half()) {
      return false;
    }
    boolean isSlice = !layer.output.isPacked();
    return isSlice ? !way.direct() || (way.fused() && allowsDirect()) : way.direct();
  }

  /**
   * Whether the output may be handed to cuDNN where it lies. A slice may begin anywhere, and a
   * kernel that writes a vector to an address that is no multiple of its size ends the context.
   */
  boolean allowsDirect() {
    Operand out = layer.output;
    long pixel = out.channelsLast() ? (long) out.stored() * out.elementBytes() : 0;
    return out.isPacked() || (at.y % VECTOR == 0 && pixel % VECTOR == 0);
  }

  /** Bytes at the front of the workspace for an output that is copied afterwards. */
  long scratchBytes(boolean direct) {
    long bytes = direct ? 0 : packed(layer.output).bytes(layer.pictures);
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /**
   * Asks what cuDNN wants for a way.
   *
   * @param bytes takes it; as an unsigned number it may be larger than a long
   * @return cuDNN's status: 0, or why it does not offer the way
   */
  int workspaceBytes(ConvWay way, long[] bytes) {
    return JCudnn.cudnnGetConvolutionForwardWorkspaceSize(
        cudnn.handle(), x, filter, descriptor(way), output(way.direct()), way.algorithm(), bytes);
  }

  private cudnnConvolutionDescriptor descriptor(ConvWay way) {
    return way.defaultMath() ? fallback : convolution;
  }

  /**
   * Queues the convolution.
   *
   * @param workspace with room for the way's scratch and workspace
   * @param bytes of cuDNN's workspace
   * @return cuDNN's status: 0, or why it does not go this way
   */
  int enqueue(ConvWay way, long workspace, long bytes) {
    boolean direct = way.direct();
    long y = direct ? at.y : workspace;
    long scratch = workspace + scratchBytes(direct);
    int status = way.fused() ? fused(way, y, scratch, bytes) : plain(way, y, scratch, bytes);
    if (status != 0) {
      return status;
    }
    Operand out = layer.output;
    if (!way.fused()) {
      kernels.biasResidualRelu(out, layer.pictures, y, at.weights.bias(), at.z, layer.relu);
    }
    if (!direct) {
      kernels.copyChannels(packed(out), layer.pictures, y, out, at.y - out.offsetBytes());
    }
    return 0;
  }

  private int plain(ConvWay way, long y, long scratch, long bytes) {
    return JCudnn.cudnnConvolutionForward(
        cudnn.handle(),
        Scalars.ONE,
        x,
        new DevicePointer(at.x),
        filter,
        new DevicePointer(at.weights.weight()),
        descriptor(way),
        way.algorithm(),
        new DevicePointer(scratch),
        bytes,
        Scalars.ZERO,
        output(way.direct()),
        new DevicePointer(y));
  }

  private int fused(ConvWay way, long y, long scratch, long bytes) {
    boolean adds = at.z != 0;
    return JCudnn.cudnnConvolutionBiasActivationForward(
        cudnn.handle(),
        Scalars.ONE,
        x,
        new DevicePointer(at.x),
        filter,
        new DevicePointer(at.weights.weight()),
        descriptor(way),
        way.algorithm(),
        new DevicePointer(scratch),
        bytes,
        adds ? Scalars.ONE : Scalars.ZERO,
        adds ? whole : output(way.direct()), // a residual is never a slice
        new DevicePointer(adds ? at.z : y),
        bias,
        new DevicePointer(layer.input.half() ? at.weights.halfBias() : at.weights.bias()),
        activation,
        output(way.direct()),
        new DevicePointer(y));
  }
}
