package io.sscam.engine;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The extents of a tensor, outermost first (N C H W for activations). Immutable.
 *
 * <p>Every extent is at least 0 and the number of elements fits a {@code long}; a scalar has rank
 * 0.
 */
public final class Shape {
  private final int[] dims;
  private final long elements;

  private Shape(int[] dims) {
    long product = 1;
    for (int dim : dims) {
      if (dim < 0) {
        throw new IllegalArgumentException("negative extent in shape " + Arrays.toString(dims));
      }
      product = Math.multiplyExact(product, (long) dim);
    }
    this.dims = dims;
    this.elements = product;
  }

  /**
   * A shape with the given extents.
   *
   * @throws IllegalArgumentException if an extent is negative
   * @throws ArithmeticException if the number of elements overflows a {@code long}
   */
  public static Shape of(int... dims) {
    return new Shape(dims.clone());
  }

  public int rank() {
    return dims.length;
  }

  public int dim(int axis) {
    return dims[axis];
  }

  /** The product of all extents; 1 for a scalar. */
  public long elements() {
    return elements;
  }

  /**
   * The number of elements as an array length.
   *
   * @throws IllegalStateException if it is over {@link Integer#MAX_VALUE}
   */
  public int elementsAsInt() {
    if (elements > Integer.MAX_VALUE) {
      throw new IllegalStateException("shape " + this + " has too many elements for one array");
    }
    return (int) elements;
  }

  /** A copy of the extents. */
  public int[] toArray() {
    return dims.clone();
  }

  /** This shape with one more extent in front: C H W becomes N C H W. */
  public Shape withBatch(int batch) {
    int[] batched = new int[dims.length + 1];
    batched[0] = batch;
    System.arraycopy(dims, 0, batched, 1, dims.length);
    return new Shape(batched);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  /** The extents joined by ×, as in {@code 1×3×224×224}. */
  @Override
  public String toString() {
    return dims.length == 0
        ? "scalar"
        : Arrays.stream(dims).mapToObj(Integer::toString).collect(Collectors.joining("×"));
  }
}
