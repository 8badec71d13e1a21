package io.sscam.kernels.cuda.net;

import io.sscam.engine.backend.OutOfDeviceMemoryException;
import io.sscam.kernels.cuda.driver.DeviceMemory;

/**
 * Scratch memory that all steps of a net use one after the other. It is large while algorithms are
 * measured, and as large as the chosen ones need from then on.
 */
final class Workspace {
  /** cuDNN's fastest algorithms rarely ask for more than this, or four times the activations. */
  private static final long MOST = 1L << 30;

  private static final long SMALL = 16L << 20;
  private static final long LEAST = 1L << 20;

  private final DeviceBlocks blocks;
  private DeviceMemory memory;
  private long needed;

  /**
   * Reserves what measuring may use.
   *
   * @param freeBytes what the device has left; a quarter of it is taken at most
   * @param activations bytes of the net's activations
   * @param needed bytes that are wanted in any case
   */
  Workspace(DeviceBlocks blocks, long freeBytes, long activations, long needed) {
    this.blocks = blocks;
    this.needed = needed;
    long useful = Math.min(MOST, SMALL + 4 * activations);
    this.memory = reserve(Math.max(Math.max(LEAST, needed), Math.min(useful, freeBytes / 4)));
  }

  private DeviceMemory reserve(long bytes) {
    long most = bytes;
    while (true) {
      try {
        return blocks.allocate("workspace", most);
      } catch (OutOfDeviceMemoryException e) {
        if (most / 2 < Math.max(LEAST, needed)) {
          throw e;
        }
        most /= 2;
      }
    }
  }

  long address() {
    return memory.address();
  }

  long bytes() {
    return memory.bytes();
  }

  /** Notes what a step will use. */
  void need(long bytes) {
    needed = Math.max(needed, bytes);
  }

  /** Gives back what no step needs; addresses from before are void. */
  void settle() {
    long bytes = Math.max(LEAST, needed);
    if (bytes < memory.bytes()) {
      blocks.free(memory);
      memory = blocks.allocate("workspace", bytes);
    }
  }
}
