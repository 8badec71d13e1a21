package io.sscam.engine.graph;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.TensorSource;
import java.util.Arrays;

/**
 * A convolution's parameters as a backend needs them, its batch norm folded in double precision: w′
 * = w · γ/√(σ² + ε), b′ = (b − μ) · γ/√(σ² + ε) + β.
 *
 * @param weight (Cout, Cin, kh, kw)
 * @param bias (Cout)
 */
public record ConvParameters(HostTensor weight, HostTensor bias) {
  /** PyTorch's default for batch norm. */
  private static final double EPSILON = 1e-5;

  /** Reads and folds the parameters of one convolution. */
  public static ConvParameters bind(Layer.Conv2d conv, TensorSource source) {
    HostTensor weight = source.read(conv.weight());
    int channels = conv.output().dim(0);
    if (weight.shape().rank() != 4 || weight.shape().dim(0) != channels) {
      throw new IllegalArgumentException(
          conv.weight() + " is " + weight.shape() + ", but " + channels + " channels are expected");
    }
    float[] bias =
        conv.bias() == null ? new float[channels] : source.read(conv.bias()).data().clone();
    if (conv.batchNorm() == null) {
      return new ConvParameters(weight, new HostTensor(Shape.of(channels), bias));
    }
    return fold(weight, bias, conv.batchNorm(), source);
  }

  private static ConvParameters fold(
      HostTensor weight, float[] bias, String batchNorm, TensorSource source) {
    float[] gamma = source.read(batchNorm + ".weight").data();
    float[] beta = source.read(batchNorm + ".bias").data();
    float[] mean = source.read(batchNorm + ".running_mean").data();
    float[] variance = source.read(batchNorm + ".running_var").data();
    float[] folded = Arrays.copyOf(weight.data(), weight.data().length);
    int perChannel = folded.length / bias.length;
    float[] foldedBias = new float[bias.length];
    for (int c = 0; c < bias.length; c++) {
      double factor = gamma[c] / Math.sqrt(variance[c] + EPSILON);
      for (int i = c * perChannel; i < (c + 1) * perChannel; i++) {
        folded[i] = (float) (folded[i] * factor);
      }
      foldedBias[c] = (float) ((bias[c] - mean[c]) * factor + beta[c]);
    }
    return new ConvParameters(
        new HostTensor(weight.shape(), folded), new HostTensor(Shape.of(bias.length), foldedBias));
  }
}
