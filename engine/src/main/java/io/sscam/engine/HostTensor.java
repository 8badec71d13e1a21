package io.sscam.engine;

/**
 * A float32 tensor in the Java heap, C order. The array is shared, not copied: whoever makes a
 * tensor from an array gives it away.
 *
 * @param shape the extents
 * @param data the elements, {@code shape.elements()} of them
 */
public record HostTensor(Shape shape, float[] data) {

  /**
   * Joins extents and elements.
   *
   * @throws IllegalArgumentException if their counts differ
   */
  public HostTensor {
    if (shape.elements() != data.length) {
      throw new IllegalArgumentException(
          "shape " + shape + " has " + shape.elements() + " elements, not " + data.length);
    }
  }

  /** A tensor of zeros. */
  public static HostTensor zeros(Shape shape) {
    return new HostTensor(shape, new float[shape.elementsAsInt()]);
  }

  /** A tensor with elements of its own. */
  public HostTensor copy() {
    return new HostTensor(shape, data.clone());
  }

  @Override
  public String toString() {
    return "HostTensor[" + shape + "]";
  }
}
