package io.sscam.engine.generated;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.TensorSource;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Weights that depend on their names and shapes only, for the golden results in {@code
 * nets/src/test/resources/golden}. The seed is the FNV-1a hash of the name, the generator is
 * SplitMix64; every value is exact in float32.
 */
public final class GeneratedWeights implements TensorSource {
  private final Map<String, Shape> shapes;

  /**
   * Weights of the given names and shapes.
   *
   * @param shapes in the order of PyTorch's state_dict, named as there
   */
  public GeneratedWeights(Map<String, Shape> shapes) {
    this.shapes = Collections.unmodifiableMap(new LinkedHashMap<>(shapes));
  }

  /** The normalised pictures that go with the golden results: 2r over 2×3×224×224. */
  public static HostTensor input() {
    return scaled("input", Shape.of(2, 3, 224, 224), 0, 2);
  }

  @Override
  public Set<String> names() {
    return shapes.keySet();
  }

  @Override
  public Shape shape(String name) {
    Shape shape = shapes.get(name);
    if (shape == null) {
      throw new IllegalArgumentException("no tensor " + name);
    }
    return shape;
  }

  @Override
  public HostTensor read(String name) {
    Shape shape = shape(name);
    String module = name.substring(0, name.lastIndexOf('.'));
    boolean batchNorm = shapes.containsKey(module + ".running_var");
    if (name.endsWith(".running_var")) {
      HostTensor r = scaled(name, shape, 0, 1);
      for (int e = 0; e < r.data().length; e++) {
        r.data()[e] = 1f + 0.5f * Math.abs(r.data()[e]);
      }
      return r;
    }
    if (batchNorm) {
      return scaled(name, shape, name.endsWith(".weight") ? 1 : 0, 0.1f);
    }
    if (name.endsWith(".bias")) {
      return scaled(name, shape, 0, 0.05f);
    }
    long fanIn = shape.elements() / shape.dim(0);
    return scaled(name, shape, 0, (float) Math.sqrt(6.0 / fanIn));
  }

  /** offset + scale · r, each operation rounded to float32. */
  private static HostTensor scaled(String name, Shape shape, float offset, float scale) {
    float[] data = new float[shape.elementsAsInt()];
    long state = fnv1a(name);
    for (int e = 0; e < data.length; e++) {
      state += 0x9E3779B97F4A7C15L;
      float u = (mix(state) >>> 40) * 0x1p-24f;
      float r = (u - 0.5f) * 2f;
      data[e] = offset + scale * r;
    }
    return new HostTensor(shape, data);
  }

  /** FNV-1a, 64 bits, of the UTF-8 bytes. */
  static long fnv1a(String name) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
    }
    return hash;
  }

  /** SplitMix64's output for a state. */
  static long mix(long state) {
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
