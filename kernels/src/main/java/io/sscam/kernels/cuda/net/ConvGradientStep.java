package io.sscam.kernels.cuda.net;

import io.sscam.engine.backend.OutOfDeviceMemoryException;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.graph.Layer;
import io.sscam.kernels.cuda.driver.CudaFailure;
import io.sscam.kernels.cuda.driver.DevicePointer;
import java.util.List;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionBwdDataAlgo;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnTensorDescriptor;

/**
 * The gradient by the input of a convolution of one picture, by cuDNN. Only algorithms that give
 * the same bits every time are used, the first that runs: a backward pass is made once a class, not
 * a thousand times a picture.
 */
final class ConvGradientStep implements Step {
  /** All but CUDNN_CONVOLUTION_BWD_DATA_ALGO_0, whose sums come in any order. */
  private static final List<Integer> DETERMINISTIC =
      List.of(
          cudnnConvolutionBwdDataAlgo.CUDNN_CONVOLUTION_BWD_DATA_ALGO_1,
          cudnnConvolutionBwdDataAlgo.CUDNN_CONVOLUTION_BWD_DATA_ALGO_WINOGRAD,
          cudnnConvolutionBwdDataAlgo.CUDNN_CONVOLUTION_BWD_DATA_ALGO_WINOGRAD_NONFUSED,
          cudnnConvolutionBwdDataAlgo.CUDNN_CONVOLUTION_BWD_DATA_ALGO_FFT_TILING,
          cudnnConvolutionBwdDataAlgo.CUDNN_CONVOLUTION_BWD_DATA_ALGO_FFT);

  private final NetTools tools;
  private final Workspace workspace;
  private final String name;
  private final Addresses at;
  private final cudnnFilterDescriptor filter;
  private final cudnnTensorDescriptor dy;
  private final cudnnConvolutionDescriptor convolution;
  private final cudnnTensorDescriptor dx;
  private int algorithm;
  private long bytes;

  /**
   * Device addresses, all float32.
   *
   * @param weight filters K C R S
   * @param dy the gradient by the output
   * @param dx the gradient by the input
   */
  record Addresses(long weight, long dy, long dx) {}

  /**
   * Binds the layer and finds an algorithm by running it.
   *
   * @param dy the gradient by the output, perhaps a slice
   * @param dx the gradient by the input
   * @param precision of the products: FP32, or TF32
   * @throws CudaFailure if no algorithm runs
   * @throws OutOfDeviceMemoryException if none has room for its workspace
   */
  ConvGradientStep(
      NetTools tools,
      Descriptors make,
      Workspace workspace,
      Layer.Conv2d layer,
      Operand dy,
      Operand dx,
      Precision precision,
      Addresses at) {
    this.tools = tools;
    this.workspace = workspace;
    this.name = layer.name();
    this.at = at;
    this.filter = make.filter(dy.channels(), dx.channels(), layer.window().kernel(), false);
    this.dy = make.tensor(dy, 1);
    this.convolution = make.convolution(layer.window(), ConvCall.math(precision));
    this.dx = make.tensor(dx, 1);
    choose();
    workspace.need(bytes);
  }

  private void choose() {
    int refusal = 0;
    boolean lacksRoom = false;
    for (int candidate : DETERMINISTIC) {
      long[] wanted = new long[1];
      int status =
          JCudnn.cudnnGetConvolutionBackwardDataWorkspaceSize(
              tools.cudnn().handle(), filter, dy, convolution, dx, candidate, wanted);
      // The size is unsigned: one beyond a long's looks negative.
      if (status == 0 && (wanted[0] < 0 || wanted[0] > workspace.bytes())) {
        lacksRoom = true;
        continue;
      }
      if (status == 0) {
        algorithm = candidate;
        bytes = wanted[0];
        status = backward();
        tools.stream().synchronise(); // so that what is refused only on the device is known too
      }
      if (status == 0) {
        return;
      }
      lacksRoom |= CudnnHandle.lacksMemory(status);
      refusal = refusal == 0 ? status : refusal;
    }
    if (lacksRoom) {
      throw new OutOfDeviceMemoryException(
          name + ": no algorithm of the gradient has room in " + workspace.bytes() + " bytes");
    }
    throw new CudaFailure(
        "cudnnConvolutionBackwardData(" + name + ")",
        refusal,
        "no deterministic algorithm runs; the first said " + CudnnHandle.meaning(refusal));
  }

  private int backward() {
    return JCudnn.cudnnConvolutionBackwardData(
        tools.cudnn().handle(),
        Scalars.ONE,
        filter,
        new DevicePointer(at.weight),
        dy,
        new DevicePointer(at.dy),
        convolution,
        algorithm,
        new DevicePointer(workspace.address()),
        bytes,
        Scalars.ZERO,
        dx,
        new DevicePointer(at.dx));
  }

  @Override
  public void enqueue() {
    CudnnHandle.check(backward(), "cudnnConvolutionBackwardData", describe());
  }

  @Override
  public String describe() {
    return "%s: gradient by cuDNN algorithm %d, workspace %,d".formatted(name, algorithm, bytes);
  }
}
