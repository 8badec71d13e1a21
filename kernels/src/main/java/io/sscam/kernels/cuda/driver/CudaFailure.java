package io.sscam.kernels.cuda.driver;

import io.sscam.engine.backend.OutOfDeviceMemoryException;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** A call of CUDA's driver, cuDNN, cuBLAS or NVRTC that did not succeed. */
public final class CudaFailure extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final int status;

  /**
   * Describes a failed call.
   *
   * @param call the function and its arguments in words
   * @param status the number it answered
   * @param meaning the status's name and text
   */
  public CudaFailure(String call, int status, String meaning) {
    super(call + ": " + meaning);
    this.status = status;
  }

  /** The number the call answered; its meaning depends on the library. */
  public int status() {
    return status;
  }

  /**
   * Throws unless a driver call succeeded. The call is put together only when it is needed.
   *
   * @throws OutOfDeviceMemoryException if it lacked memory: not only allocations do, also whatever
   *     loads code
   */
  static void check(int status, String function, Object... arguments) {
    if (status == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
      throw new OutOfDeviceMemoryException(call(function, arguments) + ": " + meaning(status));
    }
    if (status != CUresult.CUDA_SUCCESS) {
      throw of(status, call(function, arguments));
    }
  }

  static CudaFailure of(int status, String call) {
    return new CudaFailure(call, status, meaning(status));
  }

  private static String meaning(int status) {
    String[] text = {""};
    JCudaDriver.cuGetErrorString(status, text);
    return CUresult.stringFor(status) + " - " + text[0];
  }

  static String call(String function, Object... arguments) {
    StringBuilder call = new StringBuilder(function).append('(');
    for (int i = 0; i < arguments.length; i++) {
      call.append(i == 0 ? "" : ", ").append(arguments[i]);
    }
    return call.append(')').toString();
  }
}
