package io.sscam.kernels.cuda.driver;

import static io.sscam.kernels.cuda.driver.CudaFailure.check;

import java.nio.charset.StandardCharsets;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.JCudaDriver;

/**
 * A device's primary context: the one that cuDNN and cuBLAS use too, which is why none of our own
 * is created.
 */
public final class CudaContext implements AutoCloseable {
  private final int ordinal;
  private final CUdevice device = new CUdevice();
  private final CUcontext handle = new CUcontext();
  private boolean closed;

  private CudaContext(int ordinal) {
    this.ordinal = ordinal;
    check(JCudaDriver.cuDeviceGet(device, ordinal), "cuDeviceGet", ordinal);
    check(
        JCudaDriver.cuDevicePrimaryCtxRetain(handle, device), "cuDevicePrimaryCtxRetain", ordinal);
    int status = JCudaDriver.cuCtxSetCurrent(handle);
    if (status != 0) {
      JCudaDriver.cuDevicePrimaryCtxRelease(device);
    }
    check(status, "cuCtxSetCurrent", ordinal);
  }

  /** How many devices the driver offers. {@link CudaLibraries#load} comes first. */
  public static int count() {
    check(JCudaDriver.cuInit(0), "cuInit", 0);
    int[] count = new int[1];
    check(JCudaDriver.cuDeviceGetCount(count), "cuDeviceGetCount");
    return count[0];
  }

  /** Retains the primary context of a device and makes it the calling thread's. */
  public static CudaContext retain(int ordinal) {
    count();
    return new CudaContext(ordinal);
  }

  public int ordinal() {
    return ordinal;
  }

  /** The hardware's name. */
  public String name() {
    byte[] name = new byte[256];
    check(JCudaDriver.cuDeviceGetName(name, name.length, device), "cuDeviceGetName", ordinal);
    return new String(name, StandardCharsets.UTF_8).trim();
  }

  /** Such as 90 for 9.0. */
  public int computeCapability() {
    return 10 * attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
        + attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
  }

  public int multiprocessors() {
    return attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
  }

  /** The most threads that are resident on a multiprocessor at once. */
  public int threadsPerMultiprocessor() {
    return attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR);
  }

  private int attribute(int attribute) {
    int[] value = new int[1];
    check(
        JCudaDriver.cuDeviceGetAttribute(value, attribute, device),
        "cuDeviceGetAttribute",
        attribute);
    return value[0];
  }

  /** Bytes of device memory that nobody holds now. */
  public long freeBytes() {
    return memory()[0];
  }

  public long totalBytes() {
    return memory()[1];
  }

  private long[] memory() {
    makeCurrent();
    long[] free = new long[1];
    long[] total = new long[1];
    check(JCudaDriver.cuMemGetInfo(free, total), "cuMemGetInfo");
    return new long[] {free[0], total[0]};
  }

  /** The newest CUDA that the driver serves, such as 12060 for 12.6. */
  public static int driverVersion() {
    int[] version = new int[1];
    check(JCudaDriver.cuDriverGetVersion(version), "cuDriverGetVersion");
    return version[0];
  }

  /** Makes the context the calling thread's; cheap if it is. */
  public void makeCurrent() {
    if (closed) {
      throw new IllegalStateException("cuda:" + ordinal + " was used after it was closed");
    }
    check(JCudaDriver.cuCtxSetCurrent(handle), "cuCtxSetCurrent", ordinal);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      check(JCudaDriver.cuDevicePrimaryCtxRelease(device), "cuDevicePrimaryCtxRelease", ordinal);
    }
  }
}
