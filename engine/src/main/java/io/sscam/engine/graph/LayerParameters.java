package io.sscam.engine.graph;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.TensorSource;

/**
 * A layer's parameters as a backend needs them. A convolution's batch norm is folded in double
 * precision: w′ = w · γ/√(σ² + ε), b′ = (b − μ) · γ/√(σ² + ε) + β.
 *
 * @param weight (Cout, Cin, kh, kw) or (out, in)
 * @param bias (Cout)
 */
public record LayerParameters(HostTensor weight, HostTensor bias) {
  /** PyTorch's default for batch norm. */
  private static final double EPSILON = 1e-5;

  /**
   * Reads and folds the parameters of a convolution.
   *
   * @throws IllegalArgumentException if one has another shape than the net needs, naming it
   */
  public static LayerParameters bind(Graph graph, Layer.Conv2d conv, TensorSource source) {
    int channels = conv.output().dim(0);
    int inputs = graph.layers().get(conv.input()).output().dim(0);
    int kernel = conv.window().kernel();
    HostTensor weight = read(source, conv.weight(), Shape.of(channels, inputs, kernel, kernel));
    float[] bias =
        conv.bias() == null ? new float[channels] : vector(source, conv.bias(), channels);
    return conv.batchNorm() == null
        ? new LayerParameters(weight, new HostTensor(Shape.of(channels), bias))
        : fold(weight, bias, conv.batchNorm(), source);
  }

  /**
   * Reads the parameters of a fully connected layer.
   *
   * @throws IllegalArgumentException if one has another shape than the net needs, naming it
   */
  public static LayerParameters bind(Graph graph, Layer.Linear linear, TensorSource source) {
    int features = linear.output().dim(0);
    int inputs = graph.layers().get(linear.input()).output().elementsAsInt();
    HostTensor weight = read(source, linear.weight(), Shape.of(features, inputs));
    return new LayerParameters(weight, read(source, linear.bias(), Shape.of(features)));
  }

  private static HostTensor read(TensorSource source, String name, Shape expected) {
    HostTensor tensor = source.read(name);
    if (!tensor.shape().equals(expected)) {
      throw new IllegalArgumentException(
          "parameter " + name + " is " + tensor.shape() + ", but the net needs " + expected);
    }
    return tensor;
  }

  private static float[] vector(TensorSource source, String name, int length) {
    return read(source, name, Shape.of(length)).data();
  }

  private static LayerParameters fold(
      HostTensor weight, float[] bias, String batchNorm, TensorSource source) {
    float[] gamma = vector(source, batchNorm + ".weight", bias.length);
    float[] beta = vector(source, batchNorm + ".bias", bias.length);
    float[] mean = vector(source, batchNorm + ".running_mean", bias.length);
    float[] variance = vector(source, batchNorm + ".running_var", bias.length);
    float[] folded = weight.data().clone();
    int perChannel = folded.length / bias.length;
    float[] foldedBias = new float[bias.length];
    for (int c = 0; c < bias.length; c++) {
      double factor = gamma[c] / Math.sqrt(variance[c] + EPSILON);
      for (int i = c * perChannel; i < (c + 1) * perChannel; i++) {
        folded[i] = (float) (folded[i] * factor);
      }
      foldedBias[c] = (float) ((bias[c] - mean[c]) * factor + beta[c]);
    }
    return new LayerParameters(
        new HostTensor(weight.shape(), folded), new HostTensor(Shape.of(bias.length), foldedBias));
  }
}
