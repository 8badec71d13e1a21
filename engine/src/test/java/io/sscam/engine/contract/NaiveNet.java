package io.sscam.engine.contract;

import io.sscam.engine.Shape;
import io.sscam.engine.TensorSource;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import java.util.ArrayList;
import java.util.List;

/**
 * A forward pass on one picture, in double from end to end: every output element is gathered by its
 * own definition. For small nets only.
 */
final class NaiveNet {
  private final Graph graph;
  private final TensorSource weights;
  private final List<double[]> values = new ArrayList<>();

  private NaiveNet(Graph graph, TensorSource weights) {
    this.graph = graph;
    this.weights = weights;
  }

  /** The values of all layers. */
  static List<double[]> run(Graph graph, TensorSource weights, double[] picture) {
    NaiveNet net = new NaiveNet(graph, weights);
    net.values.add(picture);
    for (Layer layer : graph.layers().subList(1, graph.layers().size())) {
      net.values.add(net.output(layer));
    }
    return net.values;
  }

  /**
   * The logits when a value is another than the forward pass gave.
   *
   * @param values of all layers; those that depend on the replaced one are computed anew
   */
  static double[] logits(
      Graph graph, TensorSource weights, List<double[]> values, int replaced, double[] by) {
    NaiveNet net = new NaiveNet(graph, weights);
    net.values.addAll(values.subList(0, replaced));
    net.values.add(by);
    for (Layer layer : graph.layers().subList(replaced + 1, graph.layers().size())) {
      net.values.add(net.output(layer));
    }
    return net.values.get(net.values.size() - 1);
  }

  private double[] output(Layer layer) {
    Shape shape = layer.output();
    int rows = shape.rank() == 1 ? 1 : shape.dim(1);
    int columns = shape.rank() == 1 ? 1 : shape.dim(2);
    double[] out = new double[shape.elementsAsInt()];
    for (int e = 0; e < out.length; e++) {
      int c = e / (rows * columns);
      int y = e / columns % rows;
      int x = e % columns;
      if (layer instanceof Layer.Conv2d conv) {
        double residual = conv.residual() < 0 ? 0 : values.get(conv.residual())[e];
        double sum = batchNorm(conv, c, convolve(conv, c, y, x)) + residual;
        out[e] = conv.relu() && sum < 0 ? 0 : sum;
      } else if (layer instanceof Layer.MaxPool2d pool) {
        out[e] = maximum(pool, c, y, x);
      } else if (layer instanceof Layer.AdaptiveAvgPool2d pool) {
        out[e] = mean(pool, c, y, x, rows, columns);
      } else if (layer instanceof Layer.Linear linear) {
        out[e] = product(linear, c);
      } else if (layer instanceof Layer.Concat concat) {
        out[e] = joined(concat, c, y, x);
      }
    }
    return out;
  }

  /** Zero outside the input. */
  private double at(int value, int c, int y, int x) {
    return inside(value, y, x)
        ? values.get(value)[(c * shape(value).dim(1) + y) * shape(value).dim(2) + x]
        : 0;
  }

  private boolean inside(int value, int y, int x) {
    return y >= 0 && x >= 0 && y < shape(value).dim(1) && x < shape(value).dim(2);
  }

  private Shape shape(int value) {
    return graph.layers().get(value).output();
  }

  private double convolve(Layer.Conv2d conv, int c, int y, int x) {
    float[] w = weights.read(conv.weight()).data();
    int kernel = conv.window().kernel();
    int inputs = shape(conv.input()).dim(0);
    double sum = conv.bias() == null ? 0 : weights.read(conv.bias()).data()[c];
    for (int i = 0; i < inputs; i++) {
      for (int tap = 0; tap < kernel * kernel; tap++) {
        int iy = y * conv.window().stride() - conv.window().padding() + tap / kernel;
        int ix = x * conv.window().stride() - conv.window().padding() + tap % kernel;
        sum += w[(c * inputs + i) * kernel * kernel + tap] * at(conv.input(), i, iy, ix);
      }
    }
    return sum;
  }

  /** γ (v − μ) / √(σ² + ε) + β. */
  private double batchNorm(Layer.Conv2d conv, int c, double v) {
    String name = conv.batchNorm();
    if (name == null) {
      return v;
    }
    double gamma = weights.read(name + ".weight").data()[c];
    double beta = weights.read(name + ".bias").data()[c];
    double mean = weights.read(name + ".running_mean").data()[c];
    double variance = weights.read(name + ".running_var").data()[c];
    return gamma * (v - mean) / Math.sqrt(variance + 1e-5) + beta;
  }

  private double maximum(Layer.MaxPool2d pool, int c, int y, int x) {
    int kernel = pool.window().kernel();
    double max = Double.NEGATIVE_INFINITY;
    for (int tap = 0; tap < kernel * kernel; tap++) {
      int iy = y * pool.window().stride() - pool.window().padding() + tap / kernel;
      int ix = x * pool.window().stride() - pool.window().padding() + tap % kernel;
      if (inside(pool.input(), iy, ix)) {
        max = Math.max(max, at(pool.input(), c, iy, ix));
      }
    }
    return max;
  }

  private double mean(Layer.AdaptiveAvgPool2d pool, int c, int y, int x, int rows, int columns) {
    int height = shape(pool.input()).dim(1);
    int width = shape(pool.input()).dim(2);
    double sum = 0;
    int count = 0;
    for (int iy = 0; iy < height; iy++) {
      for (int ix = 0; ix < width; ix++) {
        // row iy overlaps cell y: [iy, iy + 1) ∩ [y H/rows, (y + 1) H/rows) is not empty
        boolean row = (iy + 1) * rows > y * height && iy * rows < (y + 1) * height;
        boolean column = (ix + 1) * columns > x * width && ix * columns < (x + 1) * width;
        if (row && column) {
          sum += at(pool.input(), c, iy, ix);
          count++;
        }
      }
    }
    return sum / count;
  }

  private double product(Layer.Linear linear, int o) {
    double[] x = values.get(linear.input());
    double sum = weights.read(linear.bias()).data()[o];
    float[] w = weights.read(linear.weight()).data();
    for (int i = 0; i < x.length; i++) {
      sum += (double) w[o * x.length + i] * x[i];
    }
    return linear.relu() && sum < 0 ? 0 : sum;
  }

  private double joined(Layer.Concat concat, int c, int y, int x) {
    int channel = c;
    for (int input : concat.inputs()) {
      if (channel < shape(input).dim(0)) {
        return at(input, channel, y, x);
      }
      channel -= shape(input).dim(0);
    }
    throw new AssertionError(concat.name() + " has no channel " + c);
  }
}
