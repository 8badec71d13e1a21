package io.sscam.engine.graph;

import io.sscam.engine.Shape;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reverse-mode differentiation of a graph: from the gradient by the logits back to the gradient by
 * one value. The order of the steps, and where gradients of several readers add up, are the same on
 * every device; the arithmetic is the device's {@link Steps}.
 */
public final class BackwardPass {

  /**
   * The arithmetic of one device on gradients of one picture, each of its value's shape. A step
   * gives a new gradient and leaves those it reads as they are.
   *
   * @param <V> the device's handle of a gradient
   */
  public interface Steps<V> {

    /** The gradient where the value, the output of a ReLU, is above 0, else 0. */
    V relu(int value, V gradient);

    /** By the input of {@code w ∗ x}, batch norm folded into w. */
    V conv(int layer, Layer.Conv2d conv, V gradient);

    /** To the first largest element of each window, in C order; windows that share one add up. */
    V maxPool(int layer, Layer.MaxPool2d pool, V gradient);

    /** In equal shares to the elements of each cell. */
    V averagePool(int layer, Layer.AdaptiveAvgPool2d pool, V gradient);

    /** Wᵀ times the gradient, in the shape of the layer's input. */
    V linear(int layer, Layer.Linear linear, V gradient);

    /** Channels {@code first} … {@code first + part.dim(0) − 1} of the gradient of a concat. */
    V channels(int layer, V gradient, int first, Shape part);

    V add(V one, V other);
  }

  private BackwardPass() {}

  /** The values of the forward pass that the steps read: outputs of ReLUs, inputs of max pools. */
  public static Set<Integer> valuesRead(Graph graph, int start) {
    boolean[] depends = dependents(graph, start);
    Set<Integer> read = new TreeSet<>();
    for (int id = start + 1; id < depends.length; id++) {
      Layer layer = graph.layers().get(id);
      if (depends[id] && rectified(layer)) {
        read.add(id);
      }
      if (depends[id] && layer instanceof Layer.MaxPool2d pool) {
        read.add(pool.input());
      }
    }
    return read;
  }

  /**
   * Refuses a value that the logits do not depend on.
   *
   * @throws IllegalArgumentException naming it
   */
  public static void requireInfluence(Graph graph, int start) {
    boolean[] depends = dependents(graph, start);
    if (!depends[depends.length - 1]) {
      throw new IllegalArgumentException(
          "the logits do not depend on " + graph.layers().get(start).name());
    }
  }

  private static boolean rectified(Layer layer) {
    return (layer instanceof Layer.Conv2d conv && conv.relu())
        || (layer instanceof Layer.Linear linear && linear.relu());
  }

  /** For each value, whether it depends on {@code start}. */
  private static boolean[] dependents(Graph graph, int start) {
    boolean[] depends = new boolean[graph.layers().size()];
    depends[start] = true;
    for (int id = start + 1; id < depends.length; id++) {
      depends[id] = graph.layers().get(id).inputs().stream().anyMatch(input -> depends[input]);
    }
    return depends;
  }

  /**
   * Goes back from the logits.
   *
   * @param start the value to differentiate by, all later values being functions of it
   * @param seed the gradient by the logits
   * @return the gradient by {@code start}
   * @throws IllegalArgumentException if the logits do not depend on it
   */
  public static <V> V run(Graph graph, int start, V seed, Steps<V> steps) {
    requireInfluence(graph, start);
    boolean[] depends = dependents(graph, start);
    int last = depends.length - 1;
    Map<Integer, V> gradients = new HashMap<>();
    gradients.put(last, seed);
    Sums<V> sums = new Sums<>(depends, gradients, steps);
    for (int id = last; id > start; id--) {
      V gradient = gradients.remove(id);
      if (gradient != null) {
        back(graph, id, gradient, steps, sums);
      }
    }
    return Objects.requireNonNull(gradients.get(start));
  }

  /** Adds up what the readers of a value give back, for values on a way from the start. */
  private record Sums<V>(boolean[] depends, Map<Integer, V> gradients, Steps<V> steps) {
    boolean wants(int value) {
      return depends[value];
    }

    void give(int value, V gradient) {
      gradients.merge(value, gradient, steps::add);
    }
  }

  private static <V> void back(Graph graph, int id, V gradient, Steps<V> steps, Sums<V> sums) {
    Layer layer = graph.layers().get(id);
    V inner = rectified(layer) ? steps.relu(id, gradient) : gradient;
    if (layer instanceof Layer.Conv2d conv) {
      if (conv.residual() >= 0 && sums.wants(conv.residual())) {
        sums.give(conv.residual(), inner);
      }
      if (sums.wants(conv.input())) {
        sums.give(conv.input(), steps.conv(id, conv, inner));
      }
    } else if (layer instanceof Layer.MaxPool2d pool) {
      sums.give(pool.input(), steps.maxPool(id, pool, inner));
    } else if (layer instanceof Layer.AdaptiveAvgPool2d pool) {
      sums.give(pool.input(), steps.averagePool(id, pool, inner));
    } else if (layer instanceof Layer.Linear linear) {
      sums.give(linear.input(), steps.linear(id, linear, inner));
    } else if (layer instanceof Layer.Concat concat) {
      int first = 0;
      for (int input : concat.inputs()) {
        Shape part = graph.layers().get(input).output();
        if (sums.wants(input)) {
          sums.give(input, steps.channels(id, inner, first, part));
        }
        first += part.dim(0);
      }
    }
  }
}
