package io.sscam.engine.contract;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.TensorSource;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Random parameters for a graph, of a size that keeps activations near 1. */
public record Weights(Map<String, HostTensor> tensors) implements TensorSource {

  public static Weights of(Graph graph) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    for (Layer layer : graph.layers()) {
      if (layer instanceof Layer.Conv2d conv) {
        int in = graph.layers().get(conv.input()).output().dim(0);
        int out = conv.output().dim(0);
        int kernel = conv.window().kernel();
        put(tensors, conv.weight(), 0, fanIn(in * kernel * kernel), out, in, kernel, kernel);
        if (conv.bias() != null) {
          put(tensors, conv.bias(), 0, 0.2f, out);
        }
        if (conv.batchNorm() != null) {
          put(tensors, conv.batchNorm() + ".weight", 1, 0.3f, out);
          put(tensors, conv.batchNorm() + ".bias", 0, 0.3f, out);
          put(tensors, conv.batchNorm() + ".running_mean", 0, 0.3f, out);
          put(tensors, conv.batchNorm() + ".running_var", 1, 0.4f, out); // 0.2 … 1.8
          read(tensors, conv.batchNorm() + ".running_var")[0] = 0.01f; // so small that ε shows
        }
      } else if (layer instanceof Layer.Linear linear) {
        int in = graph.layers().get(linear.input()).output().elementsAsInt();
        int out = linear.output().dim(0);
        put(tensors, linear.weight(), 0, fanIn(in), out, in);
        put(tensors, linear.bias(), 0, 0.2f, out);
      }
    }
    return new Weights(tensors);
  }

  private static float[] read(Map<String, HostTensor> tensors, String name) {
    return new Weights(tensors).read(name).data();
  }

  private static float fanIn(int inputs) {
    return (float) Math.sqrt(1.5 / inputs);
  }

  private static void put(
      Map<String, HostTensor> tensors, String name, float mean, float scale, int... dims) {
    Shape shape = Shape.of(dims);
    float[] data = Values.Kind.MIXED.make(shape.elementsAsInt(), name.hashCode());
    for (int e = 0; e < data.length; e++) {
      data[e] = mean + scale * data[e];
    }
    tensors.put(name, new HostTensor(shape, data));
  }

  /** The same with one tensor replaced. */
  Weights with(String name, HostTensor tensor) {
    Map<String, HostTensor> changed = new LinkedHashMap<>(tensors);
    changed.put(name, tensor);
    return new Weights(changed);
  }

  /** The same with one tensor missing. */
  Weights without(String name) {
    Map<String, HostTensor> changed = new LinkedHashMap<>(tensors);
    changed.remove(name);
    return new Weights(changed);
  }

  @Override
  public Set<String> names() {
    return tensors.keySet();
  }

  @Override
  public Shape shape(String name) {
    return read(name).shape();
  }

  @Override
  public HostTensor read(String name) {
    HostTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no tensor " + name);
    }
    return tensor;
  }
}
