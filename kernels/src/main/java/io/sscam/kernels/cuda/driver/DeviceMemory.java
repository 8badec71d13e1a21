package io.sscam.kernels.cuda.driver;

import static io.sscam.kernels.cuda.driver.CudaFailure.check;

import io.sscam.engine.backend.OutOfDeviceMemoryException;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** A block of device memory. Whoever closes it has waited for the work that uses it. */
public final class DeviceMemory implements AutoCloseable {
  private final CudaContext context;
  private final String name;
  private final long bytes;
  private final Allocation allocation = new Allocation();
  private boolean closed;

  /** Lets the address be read that JCuda keeps to itself. */
  private static final class Allocation extends CUdeviceptr {
    long address() {
      return getNativePointer();
    }
  }

  private DeviceMemory(CudaContext context, String name, long bytes) {
    this.context = context;
    this.name = name;
    this.bytes = bytes;
  }

  /**
   * Reserves memory; its content is undefined.
   *
   * @param name what it is for, for messages
   * @param bytes at least 1
   * @throws OutOfDeviceMemoryException if the device has not enough
   */
  public static DeviceMemory allocate(CudaContext context, String name, long bytes) {
    context.makeCurrent();
    DeviceMemory memory = new DeviceMemory(context, name, bytes);
    int status = JCudaDriver.cuMemAlloc(memory.allocation, bytes);
    if (status == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
      throw new OutOfDeviceMemoryException(
          "cuda:%d has no %,d bytes left for %s (%,d of %,d are free)"
              .formatted(
                  context.ordinal(), bytes, name, context.freeBytes(), context.totalBytes()));
    }
    check(status, "cuMemAlloc", name, bytes + " bytes");
    return memory;
  }

  public String name() {
    return name;
  }

  public long bytes() {
    return bytes;
  }

  /**
   * Where it lies on the device.
   *
   * @throws IllegalStateException once closed
   */
  public long address() {
    if (closed) {
      throw new IllegalStateException("\"" + name + "\" was used after its memory was freed");
    }
    return allocation.address();
  }

  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      context.makeCurrent();
      check(JCudaDriver.cuMemFree(allocation), "cuMemFree", name);
    }
  }
}
