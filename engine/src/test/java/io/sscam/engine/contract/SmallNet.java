package io.sscam.engine.contract;

import io.sscam.engine.Shape;
import io.sscam.engine.graph.ConvSpec;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Graph.Value;
import io.sscam.engine.graph.Window;

/**
 * Everything that a real net does, in one small one: a stem with batch norm, a residual block with
 * and without a projection, a fire module, a pool between concats, an adaptive pool and a head.
 */
final class SmallNet {
  static final int CLASSES = 10;

  private SmallNet() {}

  /** Labels: every value that the tests look at, some of them used again later. */
  static Graph graph() {
    Graph.Builder g = Graph.builder(Shape.of(3, 33, 47));
    Value x = g.conv(g.input(), conv3("stem", 12).stride(2).batchNorm("bn").withRelu());
    g.label("stem", x);
    x = g.label("pool", g.maxPool("maxpool", x, new Window(3, 2, 1), false));
    g.label("residual", x);
    Value y = g.label("inner", g.conv(x, conv3("block.a", 12).withRelu()));
    x = g.label("block", g.conv(y, conv3("block.b", 12).plus(x).withRelu()));
    Value shortcut = g.label("shortcut", g.conv(x, ConvSpec.of("down", 20, 1).stride(2)));
    y = g.conv(x, conv3("wide.a", 20).stride(2).batchNorm("wide.bn").withRelu());
    x = g.label("wide", g.conv(y, conv3("wide.b", 20).plus(shortcut).withRelu()));
    Value squeeze = g.label("squeeze", g.conv(x, ConvSpec.of("squeeze", 5, 1).withRelu()));
    Value one = g.label("expand1", g.conv(squeeze, ConvSpec.of("e1", 9, 1).withRelu()));
    Value three = g.label("expand3", g.conv(squeeze, conv3("e3", 16).withRelu()));
    x = g.label("fire", g.concat("fire", one, three));
    x = g.label("down", g.maxPool("pool2", x, new Window(3, 2, 0), true));
    x = g.label("joined", g.concat("joined", x, g.conv(x, ConvSpec.of("tail", 3, 1))));
    x = g.adaptiveAvgPool("avgpool", x, 2, 3);
    x = g.linear("fc1", x, 24, true);
    g.linear("fc2", x, CLASSES, false);
    return g.build();
  }

  private static ConvSpec conv3(String name, int channels) {
    return ConvSpec.of(name, channels, 3).padding(1);
  }
}
