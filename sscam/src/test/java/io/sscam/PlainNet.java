package io.sscam;

import java.util.Arrays;

/** {@link SmallNet}'s forward pass in double, every layer by its definition. */
final class PlainNet {
  /** C H W in C order. */
  record Maps(int channels, int height, int width, double[] values) {
    double[] channel(int k) {
      return Arrays.copyOfRange(values, k * height * width, (k + 1) * height * width);
    }
  }

  private final SmallNet weights;

  PlainNet(SmallNet weights) {
    this.weights = weights;
  }

  /** The output of the layer of that label. */
  Maps layer(String label, double[] input) {
    Maps picture = new Maps(3, SmallNet.HEIGHT, SmallNet.WIDTH, input);
    Maps stem = convolution("conv1", picture, 2);
    return label.equals("stem") ? stem : convolution("conv2", stem, 1);
  }

  double[] logits(double[] input) {
    Maps last = layer(SmallNet.LAST, input);
    double[] mean = new double[last.channels];
    for (int k = 0; k < mean.length; k++) {
      mean[k] = Arrays.stream(last.channel(k)).average().orElseThrow();
    }
    float[] weight = weights.read("fc.weight").data();
    double[] logits = new double[SmallNet.CLASSES];
    for (int c = 0; c < logits.length; c++) {
      logits[c] = weights.read("fc.bias").data()[c];
      for (int k = 0; k < mean.length; k++) {
        logits[c] += weight[c * mean.length + k] * mean[k];
      }
    }
    return logits;
  }

  /** 3×3, no padding, with bias and ReLU. */
  private Maps convolution(String name, Maps in, int stride) {
    float[] weight = weights.read(name + ".weight").data();
    float[] bias = weights.read(name + ".bias").data();
    int height = (in.height - 3) / stride + 1;
    int width = (in.width - 3) / stride + 1;
    double[] out = new double[bias.length * height * width];
    for (int e = 0; e < out.length; e++) {
      int c = e / (height * width);
      int y = e / width % height * stride;
      int x = e % width * stride;
      double sum = bias[c];
      for (int i = 0; i < in.channels; i++) {
        for (int tap = 0; tap < 9; tap++) {
          double v = in.values[(i * in.height + y + tap / 3) * in.width + x + tap % 3];
          sum += weight[(c * in.channels + i) * 9 + tap] * v;
        }
      }
      out[e] = Math.max(sum, 0);
    }
    return new Maps(bias.length, height, width, out);
  }
}
