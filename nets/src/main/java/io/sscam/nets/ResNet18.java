package io.sscam.nets;

import io.sscam.engine.graph.ConvSpec;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Graph.Value;
import io.sscam.engine.graph.Window;

/**
 * ResNet-18: a stem, four layers of two basic blocks each, a global average and one linear layer.
 */
final class ResNet18 {
  private static final int[] CHANNELS = {64, 128, 256, 512};

  private ResNet18() {}

  static void define(Graph.Builder g, int classes) {
    Value x = conv(g, g.input(), "conv1", "bn1", 64, 7, 2, true);
    g.label("relu", x);
    x = g.label("maxpool", g.maxPool("maxpool", x, new Window(3, 2, 1), false));
    for (int layer = 1; layer <= CHANNELS.length; layer++) {
      int channels = CHANNELS[layer - 1];
      x = block(g, x, "layer" + layer + ".0", channels, layer == 1 ? 1 : 2);
      x = block(g, x, "layer" + layer + ".1", channels, 1);
      g.label("layer" + layer, x);
    }
    x = g.globalAvgPool("avgpool", x);
    g.linear("fc", x, classes, false);
  }

  private static Value block(Graph.Builder g, Value x, String name, int channels, int stride) {
    Value shortcut = x;
    Value y = conv(g, x, name + ".conv1", name + ".bn1", channels, 3, stride, true);
    if (stride != 1) {
      shortcut =
          conv(g, x, name + ".downsample.0", name + ".downsample.1", channels, 1, stride, false);
    }
    ConvSpec second = ConvSpec.of(name + ".conv2", channels, 3).padding(1).batchNorm(name + ".bn2");
    return g.label(name, g.conv(y, second.plus(shortcut).withRelu()));
  }

  private static Value conv(
      Graph.Builder g,
      Value x,
      String name,
      String batchNorm,
      int channels,
      int kernel,
      int stride,
      boolean relu) {
    ConvSpec spec =
        ConvSpec.of(name, channels, kernel).stride(stride).padding(kernel / 2).batchNorm(batchNorm);
    return g.conv(x, relu ? spec.withRelu() : spec);
  }
}
