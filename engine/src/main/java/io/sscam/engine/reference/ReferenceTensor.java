package io.sscam.engine.reference;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.DataType;
import io.sscam.engine.backend.OutOfDeviceMemoryException;
import io.sscam.engine.backend.Tensor;
import java.util.Arrays;

/** A Java array with a shape and an owner. Floats start as NaN, so that what nobody wrote shows. */
final class ReferenceTensor implements Tensor {
  private final String name;
  private final DataType type;
  private final Shape shape;
  private final Lifetime lifetime;
  private final float[] floats;
  private final int[] ints;

  ReferenceTensor(String name, DataType type, Shape shape, Lifetime lifetime) {
    this.name = name;
    this.type = type;
    this.shape = shape;
    this.lifetime = lifetime;
    try {
      int elements = Math.toIntExact(shape.elements());
      this.floats = new float[type == DataType.F32 ? elements : 0];
      this.ints = new int[type == DataType.I32 ? elements : 0];
    } catch (ArithmeticException | OutOfMemoryError e) {
      throw new OutOfDeviceMemoryException("the heap has no room for " + name + " " + shape);
    }
    Arrays.fill(floats, Float.NaN);
    lifetime.hold(shape.elements() * type.bytes());
  }

  /** The elements of a float32 tensor that is still alive. */
  static float[] floats(Tensor tensor) {
    ReferenceTensor own = own(tensor, DataType.F32);
    return own.floats;
  }

  /** The elements of an int32 tensor that is still alive. */
  static int[] ints(Tensor tensor) {
    ReferenceTensor own = own(tensor, DataType.I32);
    return own.ints;
  }

  private static ReferenceTensor own(Tensor tensor, DataType type) {
    if (!(tensor instanceof ReferenceTensor own)) {
      throw new IllegalArgumentException(tensor.name() + " belongs to another backend");
    }
    own.lifetime.check(own.name);
    if (own.type != type) {
      throw new IllegalArgumentException(own.name + " holds " + own.type + ", not " + type);
    }
    return own;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public DataType type() {
    return type;
  }

  @Override
  public String toString() {
    return name + " " + type + " " + shape;
  }
}
