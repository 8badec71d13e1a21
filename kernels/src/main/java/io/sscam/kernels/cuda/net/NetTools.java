package io.sscam.kernels.cuda.net;

import io.sscam.engine.backend.Closing;
import io.sscam.kernels.cuda.driver.CudaContext;
import io.sscam.kernels.cuda.driver.CudaStream;
import io.sscam.kernels.cuda.driver.DeviceWide;
import io.sscam.kernels.cuda.op.OpModules;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a session lends to the nets that are compiled in it. Confined to the session's thread, but
 * for the cache of algorithms, which all sessions share.
 *
 * @param liveBytes counts the device memory of its nets
 */
public record NetTools(
    CudaContext context,
    CudaStream stream,
    CudnnHandle cudnn,
    CublasHandle cublas,
    NetKernels kernels,
    AlgorithmCache algorithms,
    AtomicLong liveBytes)
    implements AutoCloseable {

  /** Opens cuDNN and cuBLAS on a session's stream; the modules stay the caller's. */
  public static NetTools open(
      CudaContext context,
      CudaStream stream,
      OpModules modules,
      AlgorithmCache algorithms,
      AtomicLong liveBytes) {
    return DeviceWide.get(() -> create(context, stream, modules, algorithms, liveBytes));
  }

  private static NetTools create(
      CudaContext context,
      CudaStream stream,
      OpModules modules,
      AlgorithmCache algorithms,
      AtomicLong liveBytes) {
    context.makeCurrent();
    CudnnHandle cudnn = CudnnHandle.create(stream);
    try {
      CublasHandle cublas = CublasHandle.create(stream);
      NetKernels kernels = new NetKernels(modules, stream);
      return new NetTools(context, stream, cudnn, cublas, kernels, algorithms, liveBytes);
    } catch (RuntimeException e) {
      cudnn.close();
      throw e;
    }
  }

  /** Ends cuDNN and cuBLAS; the nets must have been closed before. */
  @Override
  public void close() {
    DeviceWide.run(() -> Closing.all(List.of(context::makeCurrent, cublas::close, cudnn::close)));
  }
}
