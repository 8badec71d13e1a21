package io.sscam.kernels.cuda;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.DataType;
import io.sscam.engine.backend.OutOfDeviceMemoryException;
import io.sscam.engine.backend.Tensor;
import io.sscam.kernels.cuda.driver.CudaContext;
import io.sscam.kernels.cuda.driver.CudaStream;
import io.sscam.kernels.cuda.driver.DeviceMemory;
import io.sscam.kernels.cuda.op.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Tensors freed together, after the work that uses them. */
final class CudaArena implements Arena, CudaTensor.Owner {
  private final String name;
  private final CudaContext context;
  private final CudaStream stream;
  private final AtomicLong liveBytes;
  private final List<DeviceMemory> blocks = new ArrayList<>();
  private boolean closed;

  CudaArena(String name, CudaContext context, CudaStream stream, AtomicLong liveBytes) {
    this.name = name;
    this.context = context;
    this.stream = stream;
    this.liveBytes = liveBytes;
  }

  @Override
  public Tensor allocate(String tensor, DataType type, Shape shape) {
    if (closed) {
      throw new IllegalStateException("arena \"" + name + "\" is used after it was closed");
    }
    DeviceMemory block = DeviceMemory.allocate(context, tensor, bytes(tensor, type, shape));
    blocks.add(block);
    liveBytes.addAndGet(block.bytes());
    return new CudaTensor(tensor, shape, type, block.address(), this, Layout.NCHW_F32);
  }

  private static long bytes(String tensor, DataType type, Shape shape) {
    try {
      return Math.max(1, Math.multiplyExact(shape.elements(), type.bytes()));
    } catch (ArithmeticException e) {
      throw new OutOfDeviceMemoryException("no device holds \"" + tensor + "\" of " + shape);
    }
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    context.makeCurrent();
    try {
      stream.synchronise();
    } finally {
      for (DeviceMemory block : blocks) {
        liveBytes.addAndGet(-block.bytes());
        block.close();
      }
    }
  }
}
