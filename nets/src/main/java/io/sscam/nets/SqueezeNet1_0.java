package io.sscam.nets;

import io.sscam.engine.graph.ConvSpec;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Graph.Value;
import io.sscam.engine.graph.Window;

/**
 * SqueezeNet 1.0 (Iandola et al., arXiv 1602.07360), as torchvision's {@code squeezenet1_0}. At
 * 224×224: features.1 96×109×109, features.2 96×54×54, features.5 256×54×54, features.6 256×27×27,
 * features.10 512×27×27, features.11 512×13×13, features.12 (fire9) 512×13×13.
 */
public record SqueezeNet1_0() implements Network {

  @Override
  public String id() {
    return "squeezenet1_0";
  }

  @Override
  public Graph graph(int height, int width, int classes) {
    Graph.Builder g = picture(height, width, classes);
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
    x = g.conv(x, ConvSpec.of("classifier.1", classes, 1).withRelu());
    g.label("classifier.2", x);
    g.globalAvgPool("classifier.3", x);
    return g.build();
  }

  private static Value pool(Graph.Builder g, Value x, String name) {
    return g.label(name, g.maxPool(name, x, new Window(3, 2, 0), true));
  }

  /** A 1×1 squeeze, then 1×1 and 3×3 expansions side by side. */
  private static Value fire(Graph.Builder g, Value x, String name, int squeeze, int expand) {
    Value s = g.conv(x, ConvSpec.of(name + ".squeeze", squeeze, 1).withRelu());
    Value one = g.conv(s, ConvSpec.of(name + ".expand1x1", expand, 1).withRelu());
    Value three = g.conv(s, ConvSpec.of(name + ".expand3x3", expand, 3).padding(1).withRelu());
    return g.label(name, g.concat(name, one, three));
  }

  @Override
  public String defaultLayer() {
    return "features.12";
  }

  @Override
  public String headWeight() {
    return "classifier.1.weight";
  }

  @Override
  public String headBias() {
    return "classifier.1.bias";
  }

  @Override
  public boolean gapHead() {
    return true;
  }
}
