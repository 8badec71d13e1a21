package io.sscam.kernels.cuda.driver;

import static io.sscam.kernels.cuda.driver.CudaFailure.check;

import jcuda.driver.JCudaDriver;

/** Copies and fills, queued on a stream. Pinned memory must not change until they are done. */
public final class Copies {
  private Copies() {}

  /** From pinned memory, {@code offset} bytes in, to a device address. */
  public static void toDevice(
      CudaStream stream, PinnedMemory source, long offset, long address, long bytes) {
    within(source, offset, bytes);
    check(
        JCudaDriver.cuMemcpyHtoDAsync(
            new DevicePointer(address),
            new HostPointer(source.address() + offset),
            bytes,
            stream.handle()),
        "cuMemcpyHtoDAsync",
        bytes + " bytes");
  }

  /** From a device address to pinned memory, {@code offset} bytes in. */
  public static void toHost(
      CudaStream stream, long address, PinnedMemory target, long offset, long bytes) {
    within(target, offset, bytes);
    check(
        JCudaDriver.cuMemcpyDtoHAsync(
            new HostPointer(target.address() + offset),
            new DevicePointer(address),
            bytes,
            stream.handle()),
        "cuMemcpyDtoHAsync",
        bytes + " bytes");
  }

  /** From one device address to another; the ranges do not overlap. */
  public static void between(CudaStream stream, long from, long to, long bytes) {
    check(
        JCudaDriver.cuMemcpyDtoDAsync(
            new DevicePointer(to), new DevicePointer(from), bytes, stream.handle()),
        "cuMemcpyDtoDAsync",
        bytes + " bytes");
  }

  /** Sets {@code count} words of 4 bytes. */
  public static void fill32(CudaStream stream, long address, int bits, long count) {
    check(
        JCudaDriver.cuMemsetD32Async(new DevicePointer(address), bits, count, stream.handle()),
        "cuMemsetD32Async",
        count + " words");
  }

  private static void within(PinnedMemory memory, long offset, long bytes) {
    if (offset < 0 || bytes < 0 || bytes > memory.buffer().capacity() - offset) {
      throw new IllegalArgumentException(
          "a copy of "
              + bytes
              + " bytes at "
              + offset
              + " is beyond the pinned memory's "
              + memory.buffer().capacity());
    }
  }
}
