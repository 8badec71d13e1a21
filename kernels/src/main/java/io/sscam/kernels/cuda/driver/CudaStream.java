package io.sscam.kernels.cuda.driver;

import static io.sscam.kernels.cuda.driver.CudaFailure.check;

import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/** An ordered queue of work on the device. */
public final class CudaStream implements AutoCloseable {
  private final CudaContext context;
  private final CUstream handle = new CUstream();
  private boolean closed;

  private CudaStream(CudaContext context) {
    this.context = context;
    context.makeCurrent();
    check(
        JCudaDriver.cuStreamCreate(handle, CUstream_flags.CU_STREAM_NON_BLOCKING),
        "cuStreamCreate");
  }

  /** Opens a queue that does not wait for the default one. */
  public static CudaStream create(CudaContext context) {
    return new CudaStream(context);
  }

  /** For calls of JCuda, JCudnn and JCublas. */
  public CUstream handle() {
    if (closed) {
      throw new IllegalStateException("the stream was used after it was closed");
    }
    return handle;
  }

  /** Waits for all work before; an error of that work is thrown here. */
  public void synchronise() {
    check(JCudaDriver.cuStreamSynchronize(handle()), "cuStreamSynchronize");
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      context.makeCurrent();
      check(JCudaDriver.cuStreamDestroy(handle), "cuStreamDestroy");
    }
  }
}
