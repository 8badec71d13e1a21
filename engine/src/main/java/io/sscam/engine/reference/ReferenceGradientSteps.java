package io.sscam.engine.reference;

import io.sscam.engine.Shape;
import io.sscam.engine.graph.BackwardPass;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import io.sscam.engine.graph.Window;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The backward steps in double, each giving an output's gradient to what it was made from. */
final class ReferenceGradientSteps implements BackwardPass.Steps<double[]> {
  private final ReferenceModel model;
  private final Graph graph;
  private final IntFunction<double[]> values;

  /**
   * Steps at one picture.
   *
   * @param values the values of its forward pass
   */
  ReferenceGradientSteps(ReferenceModel model, IntFunction<double[]> values) {
    this.model = model;
    this.graph = model.graph();
    this.values = values;
  }

  private Shape shape(int value) {
    return graph.layers().get(value).output();
  }

  @Override
  public double[] relu(int value, double[] gradient) {
    double[] output = values.apply(value);
    double[] inner = new double[output.length];
    for (int e = 0; e < inner.length; e++) {
      inner[e] = output[e] > 0 ? gradient[e] : 0;
    }
    return inner;
  }

  @Override
  public double[] conv(int layer, Layer.Conv2d conv, double[] gradient) {
    Shape in = shape(conv.input());
    double[] result = new double[in.elementsAsInt()];
    float[] weight = model.parameter(conv.weight());
    int stride = conv.window().stride();
    int outputs = conv.output().dim(0);
    double[] factors = IntStream.range(0, outputs).mapToDouble(c -> factor(conv, c)).toArray();
    model
        .range(in.dim(0))
        .forEach(
            i -> {
              for (int c = 0; c < outputs; c++) {
                double factor = factors[c];
                ReferenceRows.join(
                    conv,
                    in,
                    i,
                    c,
                    (tap, input, output, count) ->
                        ReferenceRows.add(
                            factor * weight[tap],
                            gradient,
                            output,
                            1,
                            result,
                            input,
                            stride,
                            count));
              }
            });
    return result;
  }

  /** What the batch norm multiplies a channel by. */
  private double factor(Layer.Conv2d conv, int c) {
    String norm = conv.batchNorm();
    return norm == null
        ? 1
        : model.parameter(norm + ".weight")[c]
            / StrictMath.sqrt(model.parameter(norm + ".running_var")[c] + 1e-5);
  }

  /**
   * The element of channel {@code i} that a tap of output {@code e} reads, or −1 in the padding.
   */
  private static int source(Window window, Shape out, Shape in, int e, int i, int tap) {
    int y = e / out.dim(2) % out.dim(1) * window.stride() - window.padding();
    int x = e % out.dim(2) * window.stride() - window.padding();
    y += tap / window.kernel();
    x += tap % window.kernel();
    boolean inside = y >= 0 && x >= 0 && y < in.dim(1) && x < in.dim(2);
    return inside ? (i * in.dim(1) + y) * in.dim(2) + x : -1;
  }

  @Override
  public double[] maxPool(int layer, Layer.MaxPool2d pool, double[] gradient) {
    double[] x = values.apply(pool.input());
    Shape in = shape(pool.input());
    double[] result = new double[x.length];
    int taps = pool.window().kernel() * pool.window().kernel();
    int plane = pool.output().dim(1) * pool.output().dim(2);
    for (int e = 0; e < gradient.length; e++) {
      int first = -1;
      for (int tap = 0; tap < taps; tap++) {
        int source = source(pool.window(), pool.output(), in, e, e / plane, tap);
        if (source >= 0 && (first < 0 || x[source] > x[first])) {
          first = source;
        }
      }
      result[first] += gradient[e];
    }
    return result;
  }

  @Override
  public double[] averagePool(int layer, Layer.AdaptiveAvgPool2d pool, double[] gradient) {
    Shape in = shape(pool.input());
    int rows = pool.output().rank() == 1 ? 1 : pool.output().dim(1);
    int columns = pool.output().rank() == 1 ? 1 : pool.output().dim(2);
    double[] result = new double[in.elementsAsInt()];
    for (int e = 0; e < gradient.length; e++) {
      int c = e / (rows * columns);
      int i = e / columns % rows;
      int j = e % columns;
      int top = i * in.dim(1) / rows;
      int bottom = ((i + 1) * in.dim(1) + rows - 1) / rows;
      int left = j * in.dim(2) / columns;
      int right = ((j + 1) * in.dim(2) + columns - 1) / columns;
      for (int y = top; y < bottom; y++) {
        for (int x = left; x < right; x++) {
          result[(c * in.dim(1) + y) * in.dim(2) + x] +=
              gradient[e] / ((bottom - top) * (right - left));
        }
      }
    }
    return result;
  }

  @Override
  public double[] linear(int layer, Layer.Linear linear, double[] gradient) {
    float[] weight = model.parameter(linear.weight());
    double[] result = new double[weight.length / gradient.length];
    for (int o = 0; o < gradient.length; o++) {
      for (int i = 0; i < result.length; i++) {
        result[i] += gradient[o] * weight[o * result.length + i];
      }
    }
    return result;
  }

  @Override
  public double[] channels(int layer, double[] gradient, int first, Shape part) {
    int from = first * part.dim(1) * part.dim(2);
    return Arrays.copyOfRange(gradient, from, from + part.elementsAsInt());
  }

  @Override
  public double[] add(double[] one, double[] other) {
    double[] sum = new double[one.length];
    for (int e = 0; e < sum.length; e++) {
      sum[e] = one[e] + other[e];
    }
    return sum;
  }
}
