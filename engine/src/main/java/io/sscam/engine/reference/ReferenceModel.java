package io.sscam.engine.reference;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.TensorSource;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** A graph with its parameters in the heap, as they stand in the source: nothing is folded. */
final class ReferenceModel implements Backend.Model {
  private final Graph graph;
  private final Precision precision;
  private final int threads;
  private final Map<String, HostTensor> parameters = new HashMap<>();
  private final Lifetime lifetime;

  ReferenceModel(
      Graph graph, TensorSource source, Precision precision, int threads, AtomicLong live) {
    this.graph = graph;
    this.precision = precision;
    this.threads = threads;
    for (Layer layer : graph.layers()) {
      expected(layer).forEach((name, shape) -> parameters.put(name, read(source, name, shape)));
    }
    this.lifetime = new Lifetime("the model", live);
    long elements = parameters.values().stream().mapToLong(t -> t.data().length).sum();
    lifetime.hold(elements * Float.BYTES);
  }

  private Map<String, Shape> expected(Layer layer) {
    Map<String, Shape> shapes = new HashMap<>();
    if (layer instanceof Layer.Conv2d conv) {
      Shape perChannel = Shape.of(conv.output().dim(0));
      int inputs = graph.layers().get(conv.input()).output().dim(0);
      int kernel = conv.window().kernel();
      shapes.put(conv.weight(), Shape.of(conv.output().dim(0), inputs, kernel, kernel));
      if (conv.bias() != null) {
        shapes.put(conv.bias(), perChannel);
      }
      if (conv.batchNorm() != null) {
        for (String part : List.of("weight", "bias", "running_mean", "running_var")) {
          shapes.put(conv.batchNorm() + "." + part, perChannel);
        }
      }
    } else if (layer instanceof Layer.Linear linear) {
      int inputs = graph.layers().get(linear.input()).output().elementsAsInt();
      shapes.put(linear.weight(), Shape.of(linear.output().dim(0), inputs));
      shapes.put(linear.bias(), linear.output());
    }
    return shapes;
  }

  private static HostTensor read(TensorSource source, String name, Shape expected) {
    HostTensor tensor = source.read(name);
    if (!tensor.shape().equals(expected)) {
      throw new IllegalArgumentException(
          name + " is " + tensor.shape() + ", but the net needs " + expected);
    }
    return tensor;
  }

  /** The elements of a parameter. */
  float[] parameter(String name) {
    HostTensor tensor = parameters.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no parameter " + name);
    }
    return tensor.data();
  }

  /** Throws if the model is closed. */
  void check() {
    lifetime.check("the model");
  }

  /** The numbers 0 … count − 1, taken in parallel if the model may use several threads. */
  IntStream range(int count) {
    IntStream range = IntStream.range(0, count);
    return threads > 1 ? range.parallel() : range;
  }

  @Override
  public Graph graph() {
    return graph;
  }

  @Override
  public Precision precision() {
    return precision;
  }

  @Override
  public void close() {
    lifetime.close();
  }
}
