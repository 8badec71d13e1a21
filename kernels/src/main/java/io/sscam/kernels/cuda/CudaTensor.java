package io.sscam.kernels.cuda;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.DataType;
import io.sscam.engine.backend.Tensor;
import io.sscam.kernels.cuda.driver.DeviceMemory;
import io.sscam.kernels.cuda.op.Layout;

/**
 * A tensor in device memory.
 *
 * @param memory holds the elements from its start on
 * @param layout how they are stored; all but a net's input are plain: C order, 4 bytes each
 */
record CudaTensor(String name, Shape shape, DataType type, DeviceMemory memory, Layout layout)
    implements Tensor {

  static CudaTensor plain(String name, Shape shape, DataType type, DeviceMemory memory) {
    return new CudaTensor(name, shape, type, memory, Layout.NCHW_F32);
  }

  /**
   * The implementation behind a contract's tensor.
   *
   * @throws IllegalArgumentException if it belongs to another backend
   * @throws IllegalStateException if its memory has been freed
   */
  static CudaTensor of(Tensor tensor) {
    if (!(tensor instanceof CudaTensor cuda)) {
      throw new IllegalArgumentException(
          "tensor \"" + tensor.name() + "\" is not on the GPU but a " + tensor.getClass());
    }
    if (cuda.memory.isClosed()) {
      throw new IllegalStateException(
          "tensor \"" + cuda.name + "\" is used after its memory was freed");
    }
    return cuda;
  }

  /** A plain tensor of a type. */
  static CudaTensor of(Tensor tensor, DataType type) {
    CudaTensor cuda = of(tensor);
    if (cuda.type != type || cuda.layout != Layout.NCHW_F32) {
      throw new IllegalArgumentException(
          cuda + " is given where plain elements of " + type + " are expected");
    }
    return cuda;
  }

  /** A plain float32 tensor of a rank. */
  static CudaTensor floats(Tensor tensor, int rank) {
    CudaTensor cuda = of(tensor, DataType.F32);
    if (cuda.shape.rank() != rank) {
      throw new IllegalArgumentException(
          cuda + " is given where float32 of rank " + rank + " is expected");
    }
    return cuda;
  }

  long address() {
    return memory.address();
  }

  int dim(int axis) {
    return shape.dim(axis);
  }

  long elements() {
    return shape.elements();
  }

  @Override
  public String toString() {
    return "tensor \"" + name + "\" (" + type + " " + shape + ", " + layout + ")";
  }
}
