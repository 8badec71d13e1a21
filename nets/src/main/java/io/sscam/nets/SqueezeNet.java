package io.sscam.nets;

import io.sscam.engine.graph.ConvSpec;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Graph.Value;
import io.sscam.engine.graph.Window;

/**
 * SqueezeNet 1.0: eight fire modules between three max pools, then a 1×1 convolution as the head.
 */
final class SqueezeNet {
  private SqueezeNet() {}

  static void define(Graph.Builder g, int classes) {
    Value x = g.conv(g.input(), ConvSpec.of("features.0", 96, 7).stride(2).withRelu());
    g.label("features.1", x);
    x = pool(g, x, "features.2");
    x = fire(g, x, "features.3", 16, 64);
    x = fire(g, x, "features.4", 16, 64);
    x = fire(g, x, "features.5", 32, 128);
    x = pool(g, x, "features.6");
    x = fire(g, x, "features.7", 32, 128);
    x = fire(g, x, "features.8", 48, 192);
    x = fire(g, x, "features.9", 48, 192);
    x = fire(g, x, "features.10", 64, 256);
    x = pool(g, x, "features.11");
    x = fire(g, x, "features.12", 64, 256);
    x = g.label("classifier.2", g.conv(x, ConvSpec.of("classifier.1", classes, 1).withRelu()));
    g.globalAvgPool("classifier.3", x);
  }

  private static Value pool(Graph.Builder g, Value x, String name) {
    return g.label(name, g.maxPool(name, x, new Window(3, 2, 0), true));
  }

  private static Value fire(Graph.Builder g, Value x, String name, int squeezed, int expanded) {
    Value s = g.conv(x, ConvSpec.of(name + ".squeeze", squeezed, 1).withRelu());
    Value one = g.conv(s, ConvSpec.of(name + ".expand1x1", expanded, 1).withRelu());
    Value three = g.conv(s, ConvSpec.of(name + ".expand3x3", expanded, 3).padding(1).withRelu());
    return g.label(name, g.concat(name, one, three));
  }
}
