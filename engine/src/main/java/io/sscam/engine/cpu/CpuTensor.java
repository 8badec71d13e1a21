package io.sscam.engine.cpu;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.DataType;
import io.sscam.engine.backend.Tensor;
import io.sscam.engine.onednn.NativeBuffer;
import java.nio.FloatBuffer;

/** A tensor outside the Java heap. */
record CpuTensor(String name, Shape shape, DataType type, NativeBuffer buffer) implements Tensor {

  /** The implementation behind a contract's tensor. */
  static CpuTensor of(Tensor tensor) {
    if (tensor instanceof CpuTensor cpu) {
      cpu.buffer.check();
      return cpu;
    }
    throw new IllegalArgumentException(
        "tensor \"" + tensor.name() + "\" is not on the CPU but a " + tensor.getClass());
  }

  /** A float32 tensor of a given rank. */
  static CpuTensor floats(Tensor tensor, int rank) {
    CpuTensor cpu = of(tensor);
    if (cpu.type != DataType.F32 || cpu.shape.rank() != rank) {
      throw new IllegalArgumentException(
          "tensor \""
              + cpu.name
              + "\" is "
              + cpu.type
              + " "
              + cpu.shape
              + ", but float32 of rank "
              + rank
              + " is expected");
    }
    return cpu;
  }

  int dim(int axis) {
    return shape.dim(axis);
  }

  /** Copies elements to the heap, where the loops run. */
  void read(int from, float[] target, int count) {
    buffer.floats().get(from, target, 0, count);
  }

  /** Copies elements from the heap. */
  void write(int to, float[] source, int count) {
    FloatBuffer floats = buffer.floats();
    floats.put(to, source, 0, count);
  }

  /** A heap copy of all elements. */
  float[] toArray() {
    float[] copy = new float[shape.elementsAsInt()];
    read(0, copy, copy.length);
    return copy;
  }

  /** A heap copy of all elements of an I32 tensor. */
  int[] toIntArray() {
    if (type != DataType.I32) {
      throw new IllegalArgumentException("tensor \"" + name + "\" holds no integers");
    }
    int[] copy = new int[shape.elementsAsInt()];
    buffer.ints().get(0, copy);
    return copy;
  }
}
