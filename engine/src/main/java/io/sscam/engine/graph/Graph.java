package io.sscam.engine.graph;

import io.sscam.engine.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A net for one input size: layers in the order in which they run, the first being the input and
 * the last giving the logits. Immutable.
 *
 * @param layers the layers; a layer's position is the number of its value
 * @param labels names under which values may be kept (module names of torchvision, such as {@code
 *     layer4} or {@code features.29}), in the order of the net
 */
public record Graph(List<Layer> layers, Map<String, Integer> labels) {

  /** Makes the collections immutable, keeping their order. */
  public Graph {
    layers = List.copyOf(layers);
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
  }

  /** A value while a graph is recorded: its number and shape (C H W, or C). */
  public record Value(int id, Shape shape) {}

  /** Starts a graph whose input is C H W. */
  public static Builder builder(Shape input) {
    return new Builder(input);
  }

  /** The shape of the picture, C H W. */
  public Shape input() {
    return layers.get(0).output();
  }

  /** The shape of the logits, (classes). */
  public Shape logits() {
    return layers.get(layers.size() - 1).output();
  }

  /**
   * The value of a label.
   *
   * @throws IllegalArgumentException if there is none of that name; the message lists all
   */
  public int value(String label) {
    Integer value = labels.get(label);
    if (value == null) {
      throw new IllegalArgumentException(
          "no layer \""
              + label
              + "\" to look at; there are: "
              + String.join(", ", labels.keySet()));
    }
    return value;
  }

  /** The shape of a labelled value, C H W. */
  public Shape shape(String label) {
    return layers.get(value(label)).output();
  }

  /** Records a net's forward definition layer by layer. */
  public static final class Builder {
    private final List<Layer> layers = new ArrayList<>();
    private final Map<String, Integer> labels = new LinkedHashMap<>();

    private Builder(Shape input) {
      if (input.rank() != 3) {
        throw new IllegalArgumentException("a picture is C×H×W, not " + input);
      }
      add(new Layer.Input("input", input));
    }

    public Value input() {
      return new Value(0, layers.get(0).output());
    }

    /** Records a convolution with its fused batch norm, residual and ReLU. */
    public Value conv(Value x, ConvSpec spec) {
      Shape output = spec.window().slide(spec.name(), x.shape(), spec.channels(), false);
      Value residual = spec.residual();
      if (residual != null && !residual.shape().equals(output)) {
        throw new IllegalArgumentException(
            spec.name() + " gives " + output + " but is to be added to " + residual.shape());
      }
      return add(
          new Layer.Conv2d(
              spec.name(),
              x.id(),
              spec.name() + ".weight",
              spec.bias() ? spec.name() + ".bias" : null,
              spec.batchNorm(),
              spec.window(),
              residual == null ? -1 : residual.id(),
              spec.relu(),
              output));
    }

    public Value maxPool(String name, Value x, Window window, boolean ceil) {
      Shape output = window.slide(name, x.shape(), x.shape().dim(0), ceil);
      return add(new Layer.MaxPool2d(name, x.id(), window, ceil, output));
    }

    /** Records a mean over a grid of {@code height} × {@code width} cells. */
    public Value adaptiveAvgPool(String name, Value x, int height, int width) {
      Shape output = Shape.of(x.shape().dim(0), height, width);
      return add(new Layer.AdaptiveAvgPool2d(name, x.id(), output));
    }

    /** Records the mean of every channel, as a vector (C). */
    public Value globalAvgPool(String name, Value x) {
      return add(new Layer.AdaptiveAvgPool2d(name, x.id(), Shape.of(x.shape().dim(0))));
    }

    public Value linear(String name, Value x, int features, boolean relu) {
      Shape output = Shape.of(features);
      return add(new Layer.Linear(name, x.id(), name + ".weight", name + ".bias", relu, output));
    }

    /** Records the join of the inputs' channels. */
    public Value concat(String name, Value... inputs) {
      int channels = 0;
      List<Integer> ids = new ArrayList<>();
      for (Value input : inputs) {
        channels += input.shape().dim(0);
        ids.add(input.id());
      }
      Shape first = inputs[0].shape();
      Shape output = Shape.of(channels, first.dim(1), first.dim(2));
      return add(new Layer.Concat(name, List.copyOf(ids), output));
    }

    /** Lets a value be kept under a name, and gives it back. */
    public Value label(String name, Value value) {
      if (labels.put(name, value.id()) != null) {
        throw new IllegalArgumentException("label \"" + name + "\" given twice");
      }
      return value;
    }

    /** Ends the graph; its last layer gives the logits. */
    public Graph build() {
      return new Graph(layers, labels);
    }

    private Value add(Layer layer) {
      layers.add(layer);
      return new Value(layers.size() - 1, layer.output());
    }
  }
}
