package io.sscam.kernels.cuda.driver;

import static io.sscam.kernels.cuda.driver.CudaFailure.check;

import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** A mark in a stream. */
public final class CudaEvent implements AutoCloseable {
  private final CUevent handle = new CUevent();
  private boolean closed;

  private CudaEvent(boolean timed) {
    int flags = timed ? CUevent_flags.CU_EVENT_DEFAULT : CUevent_flags.CU_EVENT_DISABLE_TIMING;
    check(JCudaDriver.cuEventCreate(handle, flags), "cuEventCreate");
  }

  /**
   * Makes an event of the current context.
   *
   * @param timed whether {@link #millisSince} is wanted, which costs a little
   */
  public static CudaEvent create(boolean timed) {
    return new CudaEvent(timed);
  }

  private CUevent handle() {
    if (closed) {
      throw new IllegalStateException("an event was used after it was closed");
    }
    return handle;
  }

  /** Puts the mark behind the work queued so far. */
  public void record(CudaStream stream) {
    check(JCudaDriver.cuEventRecord(handle(), stream.handle()), "cuEventRecord");
  }

  /** Waits until the mark is reached. */
  public void await() {
    check(JCudaDriver.cuEventSynchronize(handle()), "cuEventSynchronize");
  }

  /** Whether the mark has been reached. */
  public boolean done() {
    int status = JCudaDriver.cuEventQuery(handle());
    if (status == CUresult.CUDA_ERROR_NOT_READY) {
      return false;
    }
    check(status, "cuEventQuery");
    return true;
  }

  /** Device time from another mark to this one, in ms; both timed and reached. */
  public float millisSince(CudaEvent start) {
    float[] millis = new float[1];
    check(JCudaDriver.cuEventElapsedTime(millis, start.handle(), handle()), "cuEventElapsedTime");
    return millis[0];
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      check(JCudaDriver.cuEventDestroy(handle), "cuEventDestroy");
    }
  }
}
