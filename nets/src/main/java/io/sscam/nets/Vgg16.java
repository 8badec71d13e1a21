package io.sscam.nets;

import io.sscam.engine.graph.ConvSpec;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Graph.Value;
import io.sscam.engine.graph.Window;

/**
 * VGG-16 (Simonyan &amp; Zisserman, ICLR 2015), as torchvision's {@code vgg16} without batch norm.
 * At 224×224: features.4 64×112×112, features.9 128×56×56, features.16 256×28×28, features.23
 * 512×14×14, features.29 (relu5_3) 512×14×14, features.30 512×7×7.
 */
public record Vgg16() implements Network {
  /** Channels of every convolution, stage by stage; a max pool ends each stage. */
  private static final int[][] STAGES = {
    {64, 64}, {128, 128}, {256, 256, 256}, {512, 512, 512}, {512, 512, 512}
  };

  @Override
  public String id() {
    return "vgg16";
  }

  @Override
  public Graph graph(int height, int width, int classes) {
    Graph.Builder g = picture(height, width, classes);
    Value x = g.input();
    int module = 0; // torchvision counts convolutions, ReLUs and pools alike
    for (int[] stage : STAGES) {
      for (int channels : stage) {
        x = g.conv(x, ConvSpec.of("features." + module, channels, 3).padding(1).withRelu());
        g.label("features." + (module + 1), x);
        module += 2;
      }
      String pool = "features." + module++;
      x = g.label(pool, g.maxPool(pool, x, new Window(2, 2, 0), false));
    }
    x = g.adaptiveAvgPool("avgpool", x, 7, 7);
    x = g.linear("classifier.0", x, 4096, true);
    x = g.linear("classifier.3", x, 4096, true);
    g.linear("classifier.6", x, classes, false);
    return g.build();
  }

  @Override
  public String defaultLayer() {
    return "features.29";
  }

  @Override
  public String headWeight() {
    return "classifier.6.weight";
  }

  @Override
  public String headBias() {
    return "classifier.6.bias";
  }

  @Override
  public boolean gapHead() {
    return false;
  }
}
