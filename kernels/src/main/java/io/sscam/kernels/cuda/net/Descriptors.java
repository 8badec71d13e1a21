package io.sscam.kernels.cuda.net;

import io.sscam.engine.backend.OutOfDeviceMemoryException;
import io.sscam.engine.graph.Window;
import java.util.ArrayList;
import java.util.List;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnActivationDescriptor;
import jcuda.jcudnn.cudnnActivationMode;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnConvolutionMode;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnNanPropagation;
import jcuda.jcudnn.cudnnPoolingDescriptor;
import jcuda.jcudnn.cudnnPoolingMode;
import jcuda.jcudnn.cudnnTensorDescriptor;
import jcuda.jcudnn.cudnnTensorFormat;

/** Makes cuDNN's descriptors and frees them together. */
final class Descriptors implements AutoCloseable {
  private final List<Runnable> frees = new ArrayList<>();

  /**
   * The extents and strides of a value for {@code pictures} pictures.
   *
   * @throws OutOfDeviceMemoryException if these are more elements than cuDNN takes, 2³¹ − 1: fewer
   *     pictures are the mend for that as well
   */
  cudnnTensorDescriptor tensor(Operand value, int pictures) {
    if (pictures * value.plane() * value.stored() > Integer.MAX_VALUE) {
      throw new OutOfDeviceMemoryException(
          pictures + " times " + value + " are more elements than cuDNN takes at once");
    }
    cudnnTensorDescriptor made = new cudnnTensorDescriptor();
    create(JCudnn.cudnnCreateTensorDescriptor(made), "cudnnCreateTensorDescriptor");
    frees.add(() -> JCudnn.cudnnDestroyTensorDescriptor(made));
    int[] strides = value.strides();
    CudnnHandle.check(
        JCudnn.cudnnSetTensor4dDescriptorEx(
            made,
            type(value.half()),
            pictures,
            value.channels(),
            value.height(),
            value.width(),
            strides[0],
            strides[1],
            strides[2],
            strides[3]),
        "cudnnSetTensor4dDescriptorEx",
        pictures,
        value);
    return made;
  }

  /** A vector of one value a channel, 1 C 1 1. */
  cudnnTensorDescriptor bias(int channels, boolean half) {
    cudnnTensorDescriptor made = new cudnnTensorDescriptor();
    create(JCudnn.cudnnCreateTensorDescriptor(made), "cudnnCreateTensorDescriptor");
    frees.add(() -> JCudnn.cudnnDestroyTensorDescriptor(made));
    CudnnHandle.check(
        JCudnn.cudnnSetTensor4dDescriptor(made, format(half), type(half), 1, channels, 1, 1),
        "cudnnSetTensor4dDescriptor",
        channels);
    return made;
  }

  /** Square filters: K C R S in float32, K R S C in float16. */
  cudnnFilterDescriptor filter(int outputs, int inputs, int kernel, boolean half) {
    cudnnFilterDescriptor made = new cudnnFilterDescriptor();
    create(JCudnn.cudnnCreateFilterDescriptor(made), "cudnnCreateFilterDescriptor");
    frees.add(() -> JCudnn.cudnnDestroyFilterDescriptor(made));
    CudnnHandle.check(
        JCudnn.cudnnSetFilter4dDescriptor(
            made, type(half), format(half), outputs, inputs, kernel, kernel),
        "cudnnSetFilter4dDescriptor",
        outputs,
        inputs,
        kernel);
    return made;
  }

  /** A convolution with float32 sums. */
  cudnnConvolutionDescriptor convolution(Window window, int mathType) {
    cudnnConvolutionDescriptor made = new cudnnConvolutionDescriptor();
    create(JCudnn.cudnnCreateConvolutionDescriptor(made), "cudnnCreateConvolutionDescriptor");
    frees.add(() -> JCudnn.cudnnDestroyConvolutionDescriptor(made));
    CudnnHandle.check(
        JCudnn.cudnnSetConvolution2dDescriptor(
            made,
            window.padding(),
            window.padding(),
            window.stride(),
            window.stride(),
            1,
            1,
            cudnnConvolutionMode.CUDNN_CROSS_CORRELATION,
            cudnnDataType.CUDNN_DATA_FLOAT),
        "cudnnSetConvolution2dDescriptor",
        window);
    CudnnHandle.check(
        JCudnn.cudnnSetConvolutionMathType(made, mathType),
        "cudnnSetConvolutionMathType",
        mathType);
    return made;
  }

  /**
   * What a fused convolution ends with. cuDNN refuses to fuse a ReLU that hands NaN on, so this one
   * may turn a NaN that an overflow has made into 0.
   */
  cudnnActivationDescriptor activation(boolean relu) {
    cudnnActivationDescriptor made = new cudnnActivationDescriptor();
    create(JCudnn.cudnnCreateActivationDescriptor(made), "cudnnCreateActivationDescriptor");
    frees.add(() -> JCudnn.cudnnDestroyActivationDescriptor(made));
    int mode =
        relu
            ? cudnnActivationMode.CUDNN_ACTIVATION_RELU
            : cudnnActivationMode.CUDNN_ACTIVATION_IDENTITY;
    CudnnHandle.check(
        JCudnn.cudnnSetActivationDescriptor(
            made, mode, cudnnNanPropagation.CUDNN_NOT_PROPAGATE_NAN, 0),
        "cudnnSetActivationDescriptor",
        mode);
    return made;
  }

  /** A maximum over windows; the padding never wins. */
  cudnnPoolingDescriptor maxPool(Window window) {
    cudnnPoolingDescriptor made = new cudnnPoolingDescriptor();
    create(JCudnn.cudnnCreatePoolingDescriptor(made), "cudnnCreatePoolingDescriptor");
    frees.add(() -> JCudnn.cudnnDestroyPoolingDescriptor(made));
    CudnnHandle.check(
        JCudnn.cudnnSetPooling2dDescriptor(
            made,
            cudnnPoolingMode.CUDNN_POOLING_MAX,
            cudnnNanPropagation.CUDNN_PROPAGATE_NAN,
            window.kernel(),
            window.kernel(),
            window.padding(),
            window.padding(),
            window.stride(),
            window.stride()),
        "cudnnSetPooling2dDescriptor",
        window);
    return made;
  }

  private static int type(boolean half) {
    return half ? cudnnDataType.CUDNN_DATA_HALF : cudnnDataType.CUDNN_DATA_FLOAT;
  }

  private static int format(boolean half) {
    return half ? cudnnTensorFormat.CUDNN_TENSOR_NHWC : cudnnTensorFormat.CUDNN_TENSOR_NCHW;
  }

  private static void create(int status, String function) {
    CudnnHandle.check(status, function);
  }

  @Override
  public void close() {
    frees.forEach(Runnable::run);
    frees.clear();
  }
}
