package io.sscam.engine.backend;

import io.sscam.engine.Shape;

/**
 * A block of device memory with a shape, C order. It belongs to an {@link Arena} or an {@link
 * Executable} and ends with it; a use after that throws and names the tensor. It has no arithmetic:
 * that is the {@link Session}'s.
 */
public interface Tensor {

  /** What it holds, for messages. */
  String name();

  Shape shape();

  DataType type();
}
