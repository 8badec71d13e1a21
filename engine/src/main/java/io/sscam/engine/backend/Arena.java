package io.sscam.engine.backend;

import io.sscam.engine.Shape;

/**
 * The lifetime of a group of tensors: all are freed when it is closed, after the work that uses
 * them. Confined to its session's thread.
 */
public interface Arena extends AutoCloseable {

  /**
   * Reserves memory; its content is undefined.
   *
   * @throws OutOfDeviceMemoryException if the device has not enough
   */
  Tensor allocate(String name, DataType type, Shape shape);

  /** A float32 tensor with undefined content. */
  default Tensor floats(String name, int... dims) {
    return allocate(name, DataType.F32, Shape.of(dims));
  }

  @Override
  void close();
}
