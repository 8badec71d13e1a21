package io.sscam.kernels.cuda.driver;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;

/** Page-locked host memory, from and to which copies run beside other work. */
public final class PinnedMemory implements AutoCloseable {
  private final CudaContext context;
  private final Allocation allocation = new Allocation();
  private final ByteBuffer buffer;
  private boolean closed;

  /** Lets the address be read that JCuda keeps to itself. */
  private static final class Allocation extends Pointer {
    long address() {
      return getNativePointer();
    }
  }

  private PinnedMemory(CudaContext context, long bytes) {
    if (bytes < 1 || bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(bytes + " bytes are not from 1 to 2³¹ − 1");
    }
    this.context = context;
    context.makeCurrent();
    CudaFailure.check(
        JCudaDriver.cuMemAllocHost(allocation, bytes), "cuMemAllocHost", bytes + " bytes");
    buffer = allocation.getByteBuffer(0, bytes).order(ByteOrder.nativeOrder());
  }

  /**
   * Reserves memory.
   *
   * @param bytes from 1 to 2³¹ − 1
   */
  public static PinnedMemory allocate(CudaContext context, long bytes) {
    return new PinnedMemory(context, bytes);
  }

  /** All of it, in the machine's byte order. */
  public ByteBuffer buffer() {
    checkOpen();
    return buffer;
  }

  public long address() {
    checkOpen();
    return allocation.address();
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("pinned memory was used after it was freed");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      context.makeCurrent();
      CudaFailure.check(JCudaDriver.cuMemFreeHost(allocation), "cuMemFreeHost");
    }
  }
}
