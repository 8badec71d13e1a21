package io.sscam.kernels.cuda;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.DataType;
import io.sscam.engine.backend.Tensor;
import io.sscam.kernels.cuda.op.Layout;

/**
 * A tensor in device memory.
 *
 * @param start address of its first element
 * @param owner whose end is the tensor's
 * @param layout how the elements are stored; all but a net's input are plain: C order, 4 bytes each
 */
record CudaTensor(String name, Shape shape, DataType type, long start, Owner owner, Layout layout)
    implements Tensor {

  /** What the memory of a tensor belongs to. */
  interface Owner {
    /** Whether the memory has been freed. */
    boolean isClosed();
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
    if (cuda.owner.isClosed()) {
      throw new IllegalStateException(
          "tensor \"" + cuda.name + "\" is used after its memory was freed");
    }
    return cuda;
  }

  /** A plain tensor of a type. */
  static CudaTensor of(Tensor tensor, DataType type) {
    CudaTensor cuda = of(tensor);
    if (cuda.type != type || !cuda.plain()) {
      throw new IllegalArgumentException(cuda + " is given where plain " + type + " is expected");
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

  /** A tensor that holds at least {@code elements} of a type, whatever its layout. */
  static CudaTensor sized(Tensor tensor, DataType type, long elements) {
    CudaTensor cuda = of(tensor);
    if (cuda.type != type || cuda.elements() < elements) {
      throw new IllegalArgumentException(
          cuda + " is too small or of another type for " + elements + " elements of " + type);
    }
    return cuda;
  }

  boolean plain() {
    return layout == Layout.NCHW_F32;
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
