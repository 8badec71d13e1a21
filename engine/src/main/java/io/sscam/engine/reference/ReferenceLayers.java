package io.sscam.engine.reference;

import io.sscam.engine.Shape;
import io.sscam.engine.graph.Layer;
import java.util.Arrays;

/** The layers of a net on one picture, C H W in double. */
final class ReferenceLayers {
  private final ReferenceModel model;

  ReferenceLayers(ReferenceModel model) {
    this.model = model;
  }

  /** relu(batchNorm(w ∗ x + b) + residual); an empty residual adds nothing. */
  double[] conv(Layer.Conv2d conv, double[] x, Shape in, double[] residual) {
    Shape out = conv.output();
    int plane = out.dim(1) * out.dim(2);
    double[] y = new double[out.elementsAsInt()];
    model
        .range(out.dim(0))
        .forEach(
            c -> {
              double bias = conv.bias() == null ? 0 : model.parameter(conv.bias())[c];
              Arrays.fill(y, c * plane, (c + 1) * plane, bias);
              for (int i = 0; i < in.dim(0); i++) {
                addChannel(conv, x, in, i, y, c);
              }
              finish(conv, residual, y, c, plane);
            });
    return y;
  }

  /** Adds what input channel {@code i} gives to output channel {@code c}. */
  private void addChannel(Layer.Conv2d conv, double[] x, Shape in, int i, double[] y, int c) {
    float[] weight = model.parameter(conv.weight());
    int stride = conv.window().stride();
    ReferenceRows.join(
        conv,
        in,
        i,
        c,
        (tap, input, output, count) ->
            ReferenceRows.add(weight[tap], x, input, stride, y, output, 1, count));
  }

  private void finish(Layer.Conv2d conv, double[] residual, double[] y, int c, int plane) {
    double factor = 1;
    double mean = 0;
    double beta = 0;
    String norm = conv.batchNorm();
    if (norm != null) {
      double variance = model.parameter(norm + ".running_var")[c];
      factor = model.parameter(norm + ".weight")[c] / StrictMath.sqrt(variance + 1e-5);
      mean = model.parameter(norm + ".running_mean")[c];
      beta = model.parameter(norm + ".bias")[c];
    }
    for (int e = c * plane; e < (c + 1) * plane; e++) {
      double value = (y[e] - mean) * factor + beta;
      value += residual.length == 0 ? 0 : residual[e];
      y[e] = conv.relu() ? Math.max(value, 0) : value;
    }
  }

  /** The maximum over the part of each window that lies inside the input. */
  double[] maxPool(Layer.MaxPool2d pool, double[] x, Shape in) {
    Shape out = pool.output();
    int stride = pool.window().stride();
    int kernel = pool.window().kernel();
    double[] y = new double[out.elementsAsInt()];
    for (int e = 0; e < y.length; e++) {
      int c = e / (out.dim(1) * out.dim(2));
      int top = e / out.dim(2) % out.dim(1) * stride - pool.window().padding();
      int left = e % out.dim(2) * stride - pool.window().padding();
      double max = Double.NEGATIVE_INFINITY;
      for (int iy = Math.max(top, 0); iy < Math.min(top + kernel, in.dim(1)); iy++) {
        for (int ix = Math.max(left, 0); ix < Math.min(left + kernel, in.dim(2)); ix++) {
          max = Math.max(max, x[(c * in.dim(1) + iy) * in.dim(2) + ix]);
        }
      }
      y[e] = max;
    }
    return y;
  }

  /** The mean of each cell; a vector output is a 1×1 grid. */
  double[] averagePool(Layer.AdaptiveAvgPool2d pool, double[] x, Shape in) {
    int rows = pool.output().rank() == 1 ? 1 : pool.output().dim(1);
    int columns = pool.output().rank() == 1 ? 1 : pool.output().dim(2);
    double[] y = new double[pool.output().elementsAsInt()];
    for (int e = 0; e < y.length; e++) {
      int c = e / (rows * columns);
      int i = e / columns % rows;
      int j = e % columns;
      int top = i * in.dim(1) / rows;
      int bottom = ((i + 1) * in.dim(1) + rows - 1) / rows;
      int left = j * in.dim(2) / columns;
      int right = ((j + 1) * in.dim(2) + columns - 1) / columns;
      double sum = 0;
      for (int iy = top; iy < bottom; iy++) {
        for (int ix = left; ix < right; ix++) {
          sum += x[(c * in.dim(1) + iy) * in.dim(2) + ix];
        }
      }
      y[e] = sum / ((bottom - top) * (right - left));
    }
    return y;
  }

  /** relu(W x + b). */
  double[] linear(Layer.Linear linear, double[] x) {
    float[] weight = model.parameter(linear.weight());
    float[] bias = model.parameter(linear.bias());
    double[] y = new double[bias.length];
    model
        .range(y.length)
        .forEach(
            o -> {
              double sum = bias[o] + dot(weight, o * x.length, x);
              y[o] = linear.relu() ? Math.max(sum, 0) : sum;
            });
    return y;
  }

  private static double dot(float[] weight, int offset, double[] x) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += weight[offset + i] * x[i];
    }
    return sum;
  }
}
