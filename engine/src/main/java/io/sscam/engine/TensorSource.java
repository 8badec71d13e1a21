package io.sscam.engine;

import java.util.Set;

/**
 * Named tensors that are read when asked for: a weight file, or a map in a test. Reading is lazy so
 * that the weights of a large net never stand in the heap all at once.
 */
public interface TensorSource {

  /** All names, in the source's own order. */
  Set<String> names();

  /**
   * The extents of a tensor, without reading its elements.
   *
   * @throws IllegalArgumentException if there is no tensor of that name
   */
  Shape shape(String name);

  /**
   * Reads one tensor as float32.
   *
   * @throws IllegalArgumentException if there is no tensor of that name
   */
  HostTensor read(String name);
}
