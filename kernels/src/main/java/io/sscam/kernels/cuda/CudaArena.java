package io.sscam.kernels.cuda;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.DataType;
import io.sscam.engine.backend.OutOfDeviceMemoryException;
import io.sscam.engine.backend.Tensor;
import io.sscam.kernels.cuda.driver.DeviceMemory;
import java.util.ArrayList;
import java.util.List;

/** Tensors freed together, after the work that uses them. */
final class CudaArena implements Arena {
  private final String name;
  private final CudaSession session;
  private final List<DeviceMemory> blocks = new ArrayList<>();
  private boolean open = true;

  CudaArena(String name, CudaSession session) {
    this.name = name;
    this.session = session;
  }

  @Override
  public Tensor allocate(String tensor, DataType type, Shape shape) {
    if (!open) {
      throw new IllegalStateException("arena \"" + name + "\" is used after it was closed");
    }
    DeviceMemory block = session.allocate(tensor, bytes(tensor, type, shape));
    blocks.add(block);
    return CudaTensor.plain(tensor, shape, type, block);
  }

  private static long bytes(String tensor, DataType type, Shape shape) {
    try {
      return Math.max(1, Math.multiplyExact(shape.elements(), type.bytes()));
    } catch (ArithmeticException e) {
      throw new OutOfDeviceMemoryException("no device holds \"" + tensor + "\" of " + shape);
    }
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      session.synchronise();
      blocks.forEach(session::free);
      blocks.clear();
    }
  }
}
