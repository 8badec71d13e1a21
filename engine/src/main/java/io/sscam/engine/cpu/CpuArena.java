package io.sscam.engine.cpu;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.DataType;
import io.sscam.engine.backend.Tensor;
import io.sscam.engine.onednn.NativeBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Tensors freed together. */
final class CpuArena implements Arena {
  private final String name;
  private final AtomicLong liveBytes;
  private final List<NativeBuffer> buffers = new ArrayList<>();
  private boolean open = true;

  CpuArena(String name, AtomicLong liveBytes) {
    this.name = name;
    this.liveBytes = liveBytes;
  }

  @Override
  public Tensor allocate(String tensor, DataType type, Shape shape) {
    if (!open) {
      throw new IllegalStateException("arena \"" + name + "\" is used after it was closed");
    }
    long bytes = Math.max(1, Math.multiplyExact(shape.elements(), type.bytes()));
    NativeBuffer buffer = new NativeBuffer(tensor, bytes, liveBytes);
    buffers.add(buffer);
    return new CpuTensor(tensor, shape, type, buffer);
  }

  @Override
  public void close() {
    open = false;
    buffers.forEach(NativeBuffer::close);
    buffers.clear();
  }
}
