package io.sscam.nets;

import io.sscam.engine.graph.ConvSpec;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Graph.Value;
import io.sscam.engine.graph.Window;

/**
 * ResNet-18 (He et al., CVPR 2016), as torchvision's {@code resnet18}. At 224×224: stem 64×112×112,
 * maxpool 64×56×56, layer1 64×56×56, layer2 128×28×28, layer3 256×14×14, layer4 512×7×7.
 */
public record ResNet18() implements Network {

  @Override
  public String id() {
    return "resnet18";
  }

  @Override
  public Graph graph(int height, int width, int classes) {
    Graph.Builder g = picture(height, width, classes);
    ConvSpec stem = ConvSpec.of("conv1", 64, 7).stride(2).padding(3).batchNorm("bn1").withRelu();
    Value x = g.label("relu", g.conv(g.input(), stem));
    x = g.label("maxpool", g.maxPool("maxpool", x, new Window(3, 2, 1), false));
    x = stage(g, x, "layer1", 64, 1);
    x = stage(g, x, "layer2", 128, 2);
    x = stage(g, x, "layer3", 256, 2);
    x = stage(g, x, "layer4", 512, 2);
    x = g.globalAvgPool("avgpool", x);
    g.linear("fc", x, classes, false);
    return g.build();
  }

  /** Two blocks; the first one halves the map from layer2 on. */
  private static Value stage(Graph.Builder g, Value x, String name, int channels, int stride) {
    Value y = g.label(name + ".0", block(g, x, name + ".0", channels, stride));
    y = g.label(name + ".1", block(g, y, name + ".1", channels, 1));
    return g.label(name, y);
  }

  /** Two 3×3 convolutions around a shortcut, which is projected where the shape changes. */
  private static Value block(Graph.Builder g, Value x, String name, int channels, int stride) {
    Value y = g.conv(x, conv3(name, 1, channels).stride(stride).withRelu());
    Value shortcut = x;
    if (stride != 1) {
      ConvSpec projection = ConvSpec.of(name + ".downsample.0", channels, 1).stride(stride);
      shortcut = g.conv(x, projection.batchNorm(name + ".downsample.1"));
    }
    return g.conv(y, conv3(name, 2, channels).plus(shortcut).withRelu());
  }

  private static ConvSpec conv3(String block, int number, int channels) {
    ConvSpec conv = ConvSpec.of(block + ".conv" + number, channels, 3).padding(1);
    return conv.batchNorm(block + ".bn" + number);
  }

  @Override
  public String defaultLayer() {
    return "layer4";
  }

  @Override
  public String headWeight() {
    return "fc.weight";
  }

  @Override
  public String headBias() {
    return "fc.bias";
  }

  @Override
  public boolean gapHead() {
    return true;
  }
}
