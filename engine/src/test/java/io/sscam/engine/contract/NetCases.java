package io.sscam.engine.contract;

import io.sscam.engine.Shape;
import io.sscam.engine.TensorSource;
import io.sscam.engine.generated.GeneratedWeights;
import io.sscam.engine.graph.ConvSpec;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Graph.Value;
import io.sscam.engine.graph.Layer;
import io.sscam.engine.graph.Window;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Small nets that together have every layer, in every position that a plan treats differently. */
public final class NetCases {
  /** Of {@link #everything}. */
  static final int CLASSES = 10;

  private NetCases() {}

  /** By name; all labels of a graph may be kept. */
  public static Map<String, Graph> all() {
    Map<String, Graph> cases = new LinkedHashMap<>();
    convolutions(cases);
    pools(cases);
    joins(cases);
    linears(cases);
    cases.put("a map as logits", mapAsLogits());
    cases.put("everything", everything());
    return cases;
  }

  /** Weights for such a net, the same in every run. */
  public static TensorSource weights(Graph graph) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (Layer layer : graph.layers()) {
      if (layer instanceof Layer.Conv2d conv) {
        int in = graph.layers().get(conv.input()).output().dim(0);
        int out = conv.output().dim(0);
        int kernel = conv.window().kernel();
        shapes.put(conv.weight(), Shape.of(out, in, kernel, kernel));
        if (conv.bias() != null) {
          shapes.put(conv.bias(), Shape.of(out));
        }
        if (conv.batchNorm() != null) {
          for (String part : new String[] {"weight", "bias", "running_mean", "running_var"}) {
            shapes.put(conv.batchNorm() + "." + part, Shape.of(out));
          }
        }
      } else if (layer instanceof Layer.Linear linear) {
        int in = graph.layers().get(linear.input()).output().elementsAsInt();
        shapes.put(linear.weight(), Shape.of(linear.output().dim(0), in));
        shapes.put(linear.bias(), linear.output());
      }
    }
    return new GeneratedWeights(shapes);
  }

  /** A net whose last value is labelled; where that is no vector, its mean gives the logits. */
  private static Graph net(Shape input, Function<Graph.Builder, Value> layers) {
    Graph.Builder g = Graph.builder(input);
    Value out = layers.apply(g);
    if (out.shape().rank() == 3) {
      g.label("out", out);
      g.globalAvgPool("mean", out);
    }
    return g.build();
  }

  private static void convolutions(Map<String, Graph> cases) {
    conv(cases, "1×1", Shape.of(3, 5, 9), ConvSpec.of("c", 10, 1));
    conv(cases, "1×1, relu", Shape.of(8, 5, 9), ConvSpec.of("c", 16, 1).withRelu());
    conv(cases, "1×1 stride 2", Shape.of(16, 13, 7), ConvSpec.of("c", 32, 1).stride(2));
    conv(cases, "3×3 of 17 channels", Shape.of(17, 5, 9), ConvSpec.of("c", 19, 3));
    conv(
        cases,
        "3×3 on 1×1",
        Shape.of(3, 1, 1),
        ConvSpec.of("c", 5, 3).padding(1).batchNorm("bn").withRelu());
    conv(
        cases,
        "3×3 stride 2",
        Shape.of(8, 17, 23),
        ConvSpec.of("c", 16, 3).stride(2).padding(1).withRelu());
    conv(
        cases,
        "7×7 stride 2 padding 3",
        Shape.of(3, 33, 47),
        ConvSpec.of("c", 12, 7).stride(2).padding(3).batchNorm("bn").withRelu());
    ConvSpec c = ConvSpec.of("c", 21, 3).padding(1);
    Shape input = Shape.of(21, 5, 9);
    cases.put("conv plus its input", net(input, g -> g.conv(g.input(), c.plus(g.input()))));
    cases.put(
        "residual read again later",
        net(
            input,
            g -> {
              Value x = g.conv(g.input(), ConvSpec.of("x", 21, 1).withRelu());
              Value y = g.conv(x, c.plus(x).withRelu());
              return g.conv(y, ConvSpec.of("d", 21, 3).padding(1).plus(x));
            }));
  }

  private static void conv(Map<String, Graph> cases, String name, Shape input, ConvSpec spec) {
    cases.put("conv " + name, net(input, g -> g.conv(g.input(), spec)));
  }

  private static void pools(Map<String, Graph> cases) {
    pool(cases, "2×2", Shape.of(5, 8, 6), new Window(2, 2, 0), false);
    pool(cases, "2×2, odd", Shape.of(5, 7, 9), new Window(2, 2, 0), false);
    pool(cases, "2×2 ceil, odd", Shape.of(5, 7, 9), new Window(2, 2, 0), true);
    pool(cases, "3×3 stride 2 ceil", Shape.of(17, 13, 8), new Window(3, 2, 0), true);
    pool(cases, "3×3 stride 2 padding 1", Shape.of(16, 17, 23), new Window(3, 2, 1), false);
    pool(cases, "3×3 on 1×1", Shape.of(3, 1, 1), new Window(3, 2, 1), false);
    pool(cases, "3×3 ceil on 2×2", Shape.of(3, 2, 2), new Window(3, 2, 0), true);
    average(cases, Shape.of(5, 10, 9), 7, 7);
    average(cases, Shape.of(17, 7, 7), 7, 7);
    average(cases, Shape.of(3, 1, 1), 7, 7);
    average(cases, Shape.of(3, 5, 9), 1, 1);
    cases.put(
        "conv on an average",
        net(
            Shape.of(6, 7, 9),
            g -> {
              Value x = g.adaptiveAvgPool("a", g.conv(g.input(), ConvSpec.of("x", 7, 1)), 3, 4);
              return g.conv(x, ConvSpec.of("c", 5, 3).padding(1).withRelu());
            }));
    cases.put("global average", net(Shape.of(5, 3, 4), g -> g.globalAvgPool("p", g.input())));
  }

  private static void pool(
      Map<String, Graph> cases, String name, Shape input, Window window, boolean ceil) {
    cases.put("pool " + name, net(input, g -> g.maxPool("p", g.input(), window, ceil)));
  }

  private static void average(Map<String, Graph> cases, Shape input, int rows, int columns) {
    cases.put(
        "average of " + input + " to " + rows + "×" + columns,
        net(input, g -> g.adaptiveAvgPool("p", g.input(), rows, columns)));
  }

  private static void joins(Map<String, Graph> cases) {
    Shape input = Shape.of(5, 5, 9);
    cases.put("concat in place", net(input, g -> g.concat("j", a(g, 3), b(g, 17), c(g, 8))));
    cases.put("concat with the input", net(input, g -> g.concat("j", a(g, 3), g.input())));
    cases.put(
        "concat of one value twice",
        net(
            input,
            g -> {
              Value x = a(g, 3);
              return g.concat("j", x, x);
            }));
    cases.put(
        "pools of a concat in a concat",
        net(
            input,
            g -> {
              Value inner = g.concat("inner", a(g, 3), b(g, 16));
              Value ceil = g.maxPool("p", inner, new Window(3, 2, 0), true);
              Value read = g.maxPool("q", inner, new Window(3, 2, 0), false);
              Value conv = g.conv(read, ConvSpec.of("d", 7, 1).withRelu());
              return g.concat("j", conv, ceil, read);
            }));
    cases.put(
        "floor pool in a concat",
        net(
            input,
            g -> {
              Value pooled = g.maxPool("p", a(g, 6), new Window(3, 1, 1), false);
              return g.concat("j", b(g, 4), pooled);
            }));
    cases.put(
        "part with a residual",
        net(
            input,
            g -> {
              Value x = a(g, 4);
              Value y = g.conv(x, ConvSpec.of("d", 4, 3).padding(1).plus(x).withRelu());
              return g.concat("j", b(g, 5), y);
            }));
  }

  private static Value a(Graph.Builder g, int channels) {
    return g.conv(g.input(), ConvSpec.of("a", channels, 1).withRelu());
  }

  private static Value b(Graph.Builder g, int channels) {
    return g.conv(g.input(), ConvSpec.of("b", channels, 3).padding(1));
  }

  private static Value c(Graph.Builder g, int channels) {
    return g.conv(g.input(), ConvSpec.of("c", channels, 3).padding(1).withRelu());
  }

  private static void linears(Map<String, Graph> cases) {
    Shape input = Shape.of(5, 3, 4);
    cases.put("linear on the input", net(input, g -> g.linear("fc", g.input(), 10, false)));
    cases.put(
        "linear on linear",
        net(input, g -> g.linear("y", g.linear("x", g.input(), 17, true), 3, true)));
    cases.put("linear on a conv", net(input, g -> g.linear("y", b(g, 17), 3, false)));
    cases.put(
        "linear on an average",
        net(input, g -> g.linear("y", g.adaptiveAvgPool("p", b(g, 6), 2, 3), 3, false)));
    cases.put(
        "linear on the mean",
        net(input, g -> g.linear("y", g.globalAvgPool("p", b(g, 6)), 1, false)));
  }

  private static Graph mapAsLogits() {
    Graph.Builder g = Graph.builder(Shape.of(5, 4, 3));
    Value x = b(g, 6);
    g.label("out", g.conv(x, ConvSpec.of("last", 7, 1).withRelu()));
    return g.build();
  }

  /** A stem, residual blocks, a fire module, pools, an average and a head, all of it labelled. */
  public static Graph everything() {
    return everything(23, 31);
  }

  public static Graph everything(int height, int width) {
    Graph.Builder g = Graph.builder(Shape.of(3, height, width));
    g.label("picture", g.input());
    ConvSpec stem = ConvSpec.of("stem", 12, 3).padding(1).stride(2).batchNorm("bn").withRelu();
    Value x = g.label("stem", g.conv(g.input(), stem));
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
    x = g.label("average", g.adaptiveAvgPool("avgpool", x, 2, 3));
    x = g.label("features", g.linear("fc1", x, 24, true));
    g.label("scores", g.linear("fc2", x, CLASSES, false));
    return g.build();
  }

  private static ConvSpec conv3(String name, int channels) {
    return ConvSpec.of(name, channels, 3).padding(1);
  }
}
