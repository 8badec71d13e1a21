package io.sscam.weights;

import io.sscam.engine.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The distances, in elements, between neighbours along each axis of a tensor. Immutable. */
final class Strides {
  private final long[] steps;

  private Strides(long[] steps) {
    this.steps = steps;
  }

  static Strides of(long... steps) {
    return new Strides(steps.clone());
  }

  /** Those of a tensor in C order without gaps. */
  static Strides dense(Shape shape) {
    long[] steps = new long[shape.rank()];
    long step = 1;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      steps[axis] = step;
      // An empty tensor's other extents may multiply to anything; nothing is ever read with them.
      step *= Math.max(1, shape.dim(axis));
    }
    return new Strides(steps);
  }

  int rank() {
    return steps.length;
  }

  boolean isDense(Shape shape) {
    if (shape.elements() == 0) {
      return true;
    }
    long step = 1;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      if (shape.dim(axis) != 1 && steps[axis] != step) {
        return false;
      }
      step *= shape.dim(axis);
    }
    return true;
  }

  /**
   * The index of the last element, counted from the first.
   *
   * @throws ArithmeticException if it overflows a {@code long}
   */
  long lastIndex(Shape shape) {
    long last = 0;
    for (int axis = 0; axis < steps.length; axis++) {
      last = Math.addExact(last, Math.multiplyExact(steps[axis], (long) shape.dim(axis) - 1));
    }
    return last;
  }

  /**
   * Copies a strided tensor into C order.
   *
   * @param from the bytes from the first element on, little endian
   */
  ByteBuffer gather(Shape shape, int elementBytes, ByteBuffer from) {
    int count = shape.elementsAsInt();
    ByteBuffer to =
        ByteBuffer.allocate(Math.multiplyExact(count, elementBytes)).order(ByteOrder.LITTLE_ENDIAN);
    int[] index = new int[steps.length];
    long at = 0;
    for (int i = 0; i < count; i++) {
      copyElement(from, (int) at * elementBytes, to, elementBytes);
      for (int axis = steps.length - 1; axis >= 0; axis--) {
        at += steps[axis];
        if (++index[axis] < shape.dim(axis)) {
          break;
        }
        at -= steps[axis] * shape.dim(axis);
        index[axis] = 0;
      }
    }
    return to.flip();
  }

  private static void copyElement(ByteBuffer from, int at, ByteBuffer to, int elementBytes) {
    switch (elementBytes) {
      case 1 -> to.put(from.get(at));
      case 2 -> to.putShort(from.getShort(at));
      case 4 -> to.putInt(from.getInt(at));
      default -> to.putLong(from.getLong(at));
    }
  }
}
