package io.sscam.kernels.cuda.net;

import io.sscam.engine.backend.Closing;
import io.sscam.kernels.cuda.driver.CudaContext;
import io.sscam.kernels.cuda.driver.DeviceMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Blocks of device memory that are counted while they live and freed together. */
final class DeviceBlocks implements AutoCloseable {
  private final CudaContext context;
  private final AtomicLong liveBytes;
  private final List<DeviceMemory> blocks = new ArrayList<>();

  DeviceBlocks(CudaContext context, AtomicLong liveBytes) {
    this.context = context;
    this.liveBytes = liveBytes;
  }

  /**
   * Reserves memory.
   *
   * @throws io.sscam.engine.backend.OutOfDeviceMemoryException if the device has not enough
   */
  DeviceMemory allocate(String name, long bytes) {
    DeviceMemory block = DeviceMemory.allocate(context, name, Math.max(1, bytes));
    blocks.add(block);
    liveBytes.addAndGet(block.bytes());
    return block;
  }

  /** Frees one block before the others. */
  void free(DeviceMemory block) {
    if (blocks.remove(block)) {
      liveBytes.addAndGet(-block.bytes());
      block.close();
    }
  }

  @Override
  public void close() {
    List<Runnable> frees = new ArrayList<>();
    blocks.forEach(block -> frees.add(() -> free(block)));
    Closing.all(frees);
  }
}
