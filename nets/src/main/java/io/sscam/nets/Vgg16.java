package io.sscam.nets;

import io.sscam.engine.graph.ConvSpec;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Graph.Value;
import io.sscam.engine.graph.Window;

/** VGG-16: five groups of 3×3 convolutions and a max pool each, then three linear layers. */
final class Vgg16 {
  private static final int[][] GROUPS = {
    {64, 64}, {128, 128}, {256, 256, 256}, {512, 512, 512}, {512, 512, 512}
  };

  private Vgg16() {}

  static void define(Graph.Builder g, int classes) {
    Value x = g.input();
    int module = 0;
    for (int[] group : GROUPS) {
      for (int channels : group) {
        // torchvision counts the ReLU as a module of its own; the label is that of its output
        ConvSpec conv = ConvSpec.of("features." + module, channels, 3).padding(1).withRelu();
        x = g.label("features." + (module + 1), g.conv(x, conv));
        module += 2;
      }
      String pool = "features." + module++;
      x = g.label(pool, g.maxPool(pool, x, new Window(2, 2, 0), false));
    }
    x = g.label("avgpool", g.adaptiveAvgPool("avgpool", x, 7, 7));
    x = g.linear("classifier.0", x, 4096, true);
    x = g.linear("classifier.3", x, 4096, true);
    g.linear("classifier.6", x, classes, false);
  }
}
