package io.sscam.bench.peers;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.TensorSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** Weights from a seed, spread as Kaiming's (uniform), made again at every read. */
final class RandomWeights implements TensorSource {
  private final Map<String, Shape> shapes;
  private final long seed;

  RandomWeights(Map<String, Shape> shapes, long seed) {
    this.shapes = shapes;
    this.seed = seed;
  }

  @Override
  public Set<String> names() {
    return shapes.keySet();
  }

  @Override
  public Shape shape(String name) {
    Shape shape = shapes.get(name);
    if (shape == null) {
      throw new IllegalArgumentException("there is no tensor \"" + name + "\"");
    }
    return shape;
  }

  @Override
  public HostTensor read(String name) {
    Shape shape = shape(name);
    float[] data = new float[shape.elementsAsInt()];
    SplittableRandom random = new SplittableRandom(seed ^ ((long) name.hashCode() << 20));
    if (shape.rank() > 1) {
      double fanIn = (double) shape.elements() / shape.dim(0);
      fill(data, random, 0, Math.sqrt(6 / fanIn));
    } else if (name.endsWith(".running_var") || name.endsWith(".weight")) {
      fill(data, random, 1, 0.25);
    } else if (name.endsWith(".running_mean") || name.endsWith(".bias")) {
      fill(data, random, 0, 0.1);
    } else {
      Arrays.fill(data, 0);
    }
    return new HostTensor(shape, data);
  }

  /** Uniform values of middle ± spread. */
  static void fill(float[] data, SplittableRandom random, double middle, double spread) {
    float unit = (float) (spread * 0x1p-31);
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) middle + random.nextInt() * unit;
    }
  }
}
