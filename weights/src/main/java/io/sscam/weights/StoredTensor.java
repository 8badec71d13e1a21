package io.sscam.weights;

import io.sscam.engine.Shape;

/**
 * Where a tensor lies in a file.
 *
 * @param dtype the element type
 * @param shape the extents
 * @param offset the first element's distance from the start of the file, in bytes
 * @param strides the distance between neighbours along each axis, in elements, none negative
 */
record StoredTensor(DType dtype, Shape shape, long offset, Strides strides) {

  /** A tensor in C order without gaps. */
  static StoredTensor dense(DType dtype, Shape shape, long offset) {
    return new StoredTensor(dtype, shape, offset, Strides.dense(shape));
  }

  /** The length of the tensor's elements, without gaps, in bytes. */
  long denseBytes() {
    return Math.multiplyExact(shape.elements(), (long) dtype.bytes());
  }

  /** True when the elements lie one behind the other, in C order. */
  boolean isDense() {
    return strides.isDense(shape);
  }

  /** The length of the run of bytes from the first element to the end of the last. */
  long spannedBytes() {
    return shape.elements() == 0 ? 0 : (strides.lastIndex(shape) + 1) * dtype.bytes();
  }
}
