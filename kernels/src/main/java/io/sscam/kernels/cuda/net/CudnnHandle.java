package io.sscam.kernels.cuda.net;

import io.sscam.engine.backend.OutOfDeviceMemoryException;
import io.sscam.kernels.cuda.driver.CudaFailure;
import io.sscam.kernels.cuda.driver.CudaStream;
import java.util.Arrays;
import java.util.stream.Collectors;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnHandle;
import jcuda.runtime.cudaStream_t;

/**
 * cuDNN on one stream. Its status numbers are cuDNN 9's, which JCudnn's constants are not: they are
 * compared with 0 (and one other, named below), and named by the library.
 */
public final class CudnnHandle implements AutoCloseable {
  /** CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED of cuDNN 9. */
  private static final int NO_DEVICE_MEMORY = 4004;

  private final cudnnHandle handle = new cudnnHandle();
  private boolean closed;

  private CudnnHandle() {
    check(JCudnn.cudnnCreate(handle), "cudnnCreate");
  }

  /** Opens the library in the current context and ties it to a stream. */
  public static CudnnHandle create(CudaStream stream) {
    CudnnHandle created = new CudnnHandle();
    try {
      cudaStream_t queue = new cudaStream_t(stream.handle());
      check(JCudnn.cudnnSetStream(created.handle, queue), "cudnnSetStream");
      return created;
    } catch (RuntimeException e) {
      created.close();
      throw e;
    }
  }

  /** The library's version, such as 91002. */
  public static long version() {
    return JCudnn.cudnnGetVersion();
  }

  cudnnHandle handle() {
    if (closed) {
      throw new IllegalStateException("cuDNN was used after its handle was closed");
    }
    return handle;
  }

  /**
   * Throws unless a call of cuDNN succeeded.
   *
   * @throws OutOfDeviceMemoryException if the library itself lacks memory
   */
  static void check(int status, String function, Object... arguments) {
    if (status != 0) {
      String list = Arrays.stream(arguments).map(String::valueOf).collect(Collectors.joining(", "));
      String call = function + "(" + list + ")";
      if (lacksMemory(status)) {
        throw new OutOfDeviceMemoryException(call + ": " + meaning(status));
      }
      throw new CudaFailure(call, status, meaning(status));
    }
  }

  static boolean lacksMemory(int status) {
    return status == NO_DEVICE_MEMORY;
  }

  /** A status in cuDNN's own words. */
  static String meaning(int status) {
    return JCudnn.cudnnGetErrorString(status) + " (" + status + ")";
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      check(JCudnn.cudnnDestroy(handle), "cudnnDestroy");
    }
  }
}
