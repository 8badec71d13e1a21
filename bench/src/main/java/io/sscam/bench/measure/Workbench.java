package io.sscam.bench.measure;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.DataType;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.Tensor;
import java.util.SplittableRandom;

/**
 * Tensors for measuring. A tensor's content follows from its name, and a smaller tensor of the same
 * name holds the larger one's first elements.
 */
public record Workbench(Session session, Arena arena) {

  /** Numbers from −1 to 1. */
  public static float[] uniform(String name, int count) {
    SplittableRandom random = new SplittableRandom(name.hashCode());
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (random.nextInt() >> 7) * 0x1p-24f;
    }
    return values;
  }

  /** A tensor of numbers from −1 to 1. */
  Tensor random(String name, int... dims) {
    Tensor tensor = arena.floats(name, dims);
    session.upload(uniform(name, tensor.shape().elementsAsInt()), tensor);
    return tensor;
  }

  /** The integers 0 … count − 1. */
  Tensor range(String name, int count) {
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = i;
    }
    Tensor tensor = arena.allocate(name, DataType.I32, Shape.of(count));
    session.upload(values, tensor);
    return tensor;
  }

  /** A tensor for a result, NaN until it is written. */
  Tensor empty(String name, int... dims) {
    Tensor tensor = arena.floats(name, dims);
    session.fill(tensor, Float.NaN);
    return tensor;
  }
}
