package io.sscam;

import io.sscam.engine.Shape;
import io.sscam.engine.TensorSource;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import io.sscam.engine.graph.LayerParameters;
import java.util.Arrays;

/**
 * What a class's logit gains from each channel of a layer, through pools and fully connected
 * layers: the mean over (y, x) of ∂y^c/∂A_k. It stands for the class's weight where a net does not
 * end in one global average and one fully connected layer (SPEC: {@code channel-weight = fc}).
 *
 * <p>Plain loops in double precision, once a picture and class.
 */
final class HeadGradient {
  private final Graph graph;
  private final TensorSource weights;

  /** By value, from the layer on: what it is, and what the logit gains from it. */
  private final double[][] values;

  private final double[][] gradients;

  private HeadGradient(Graph graph, TensorSource weights) {
    this.graph = graph;
    this.weights = weights;
    this.values = new double[graph.layers().size()][];
    this.gradients = new double[graph.layers().size()][];
  }

  /**
   * The mean gradient of each channel.
   *
   * @param layer a label of the graph
   * @param maps its output (K, h, w) on the picture
   * @return (K)
   * @throws IllegalArgumentException if a convolution lies behind the layer
   */
  static float[] of(Graph graph, TensorSource weights, String layer, float[] maps, int classIndex) {
    int start = graph.value(layer);
    requireHead(graph, start, layer);
    HeadGradient head = new HeadGradient(graph, weights);
    head.values[start] = doubles(maps);
    int last = graph.layers().size() - 1;
    for (int id = start + 1; id <= last; id++) {
      head.values[id] = head.forward(graph.layers().get(id));
    }
    double[] one = new double[graph.logits().elementsAsInt()];
    one[classIndex] = 1;
    head.gradients[last] = one;
    for (int id = last; id > start; id--) {
      head.backward(id);
    }
    return means(head.gradients[start], graph.shape(layer));
  }

  private static void requireHead(Graph graph, int start, String layer) {
    for (Layer behind : graph.layers().subList(start + 1, graph.layers().size())) {
      boolean known =
          behind instanceof Layer.MaxPool2d
              || behind instanceof Layer.AdaptiveAvgPool2d
              || behind instanceof Layer.Linear;
      if (!known) {
        throw new IllegalArgumentException(
            "channel weights go through pools and fully connected layers only, and behind "
                + layer
                + " there is "
                + behind.name()
                + ": choose the last convolution's layer, or no channel weights");
      }
    }
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  private static float[] means(double[] gradient, Shape shape) {
    int plane = shape.dim(1) * shape.dim(2);
    float[] means = new float[shape.dim(0)];
    for (int k = 0; k < means.length; k++) {
      double sum = 0;
      for (int i = k * plane; i < (k + 1) * plane; i++) {
        sum += gradient[i];
      }
      means[k] = (float) (sum / plane);
    }
    return means;
  }

  private double[] forward(Layer layer) {
    double[] in = values[layer.inputs().get(0)];
    if (layer instanceof Layer.Linear linear) {
      return linear(linear, in);
    }
    double[] out = new double[layer.output().elementsAsInt()];
    Arrays.fill(out, layer instanceof Layer.MaxPool2d ? Double.NEGATIVE_INFINITY : 0);
    if (layer instanceof Layer.MaxPool2d) {
      Cells.of(graph, layer).forEach((o, i, share) -> out[o] = Math.max(out[o], in[i]));
    } else {
      Cells.of(graph, layer).forEach((o, i, share) -> out[o] += share * in[i]);
    }
    return out;
  }

  private double[] linear(Layer.Linear layer, double[] in) {
    LayerParameters parameters = LayerParameters.bind(graph, layer, weights);
    float[] weight = parameters.weight().data();
    double[] out = doubles(parameters.bias().data());
    for (int o = 0; o < out.length; o++) {
      for (int i = 0; i < in.length; i++) {
        out[o] += in[i] * weight[o * in.length + i];
      }
      out[o] = layer.relu() ? Math.max(0, out[o]) : out[o];
    }
    return out;
  }

  /** Passes what the logit gains from a layer's output on to its input. */
  private void backward(int id) {
    Layer layer = graph.layers().get(id);
    int from = layer.inputs().get(0);
    double[] in = values[from];
    double[] out = values[id];
    double[] gain = gradients[id];
    double[] passed = new double[in.length];
    if (layer instanceof Layer.Linear linear) {
      float[] weight = LayerParameters.bind(graph, linear, weights).weight().data();
      for (int o = 0; o < out.length; o++) {
        boolean open = !linear.relu() || out[o] > 0;
        for (int i = 0; open && gain[o] != 0 && i < in.length; i++) {
          passed[i] += gain[o] * weight[o * in.length + i];
        }
      }
    } else if (layer instanceof Layer.MaxPool2d) {
      boolean[] taken = new boolean[out.length]; // of equal values the first, as in PyTorch
      Cells.of(graph, layer)
          .forEach(
              (o, i, share) -> {
                if (!taken[o] && in[i] == out[o]) {
                  taken[o] = true;
                  passed[i] += gain[o];
                }
              });
    } else {
      Cells.of(graph, layer).forEach((o, i, share) -> passed[i] += share * gain[o]);
    }
    gradients[from] = passed;
  }
}
