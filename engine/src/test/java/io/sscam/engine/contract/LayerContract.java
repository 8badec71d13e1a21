package io.sscam.engine.contract;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.graph.ConvSpec;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Graph.Value;
import io.sscam.engine.graph.Window;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The layers one by one, each in a net of its own, two pictures at once. */
abstract class LayerContract extends Bench {
  LayerContract(BackendContract contract) {
    super(contract);
  }

  /** A net whose value "out" is looked at; where that is no vector, its mean gives the logits. */
  private record Case(String name, Graph graph) {
    static Case of(String name, Shape input, Function<Graph.Builder, Value> net) {
      Graph.Builder g = Graph.builder(input);
      Value out = g.label("out", net.apply(g));
      if (out.shape().rank() > 1) {
        g.globalAvgPool("mean", out);
      }
      return new Case(name, g.build());
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Case conv(String name, Shape input, ConvSpec spec) {
    return Case.of("conv " + name, input, g -> g.conv(g.input(), spec));
  }

  private static Case pool(String name, Shape input, Window window, boolean ceil) {
    return Case.of("max pool " + name, input, g -> g.maxPool("pool", g.input(), window, ceil));
  }

  private static Case average(String name, Shape input, int rows, int columns) {
    return Case.of(
        "average pool " + name, input, g -> g.adaptiveAvgPool("pool", g.input(), rows, columns));
  }

  static final List<Case> CASES =
      Stream.of(convolutions(), fused(), pools(), joins()).flatMap(s -> s).toList();

  private static Stream<Case> convolutions() {
    return Stream.of(
        conv("1x1", Shape.of(3, 5, 9), ConvSpec.of("c", 10, 1)),
        conv("1x1 of one channel", Shape.of(1, 1, 1), ConvSpec.of("c", 1, 1)),
        conv("1x1 stride 2", Shape.of(16, 13, 7), ConvSpec.of("c", 32, 1).stride(2)),
        conv("3x3", Shape.of(17, 5, 9), ConvSpec.of("c", 19, 3)),
        conv("3x3 padding 1", Shape.of(64, 7, 7), ConvSpec.of("c", 64, 3).padding(1)),
        conv("3x3 on many pixels", Shape.of(16, 50, 91), ConvSpec.of("c", 17, 3)),
        conv("3x3 padding 1 on 1x1", Shape.of(3, 1, 1), ConvSpec.of("c", 5, 3).padding(1)),
        conv("3x3 padding 1 on 1x7", Shape.of(9, 1, 7), ConvSpec.of("c", 33, 3).padding(1)),
        conv(
            "3x3 stride 2 padding 1",
            Shape.of(8, 17, 23),
            ConvSpec.of("c", 16, 3).stride(2).padding(1)),
        conv("3x3 stride 2", Shape.of(5, 32, 48), ConvSpec.of("c", 11, 3).stride(2)),
        conv("3x3 padding 2", Shape.of(2, 4, 3), ConvSpec.of("c", 3, 3).padding(2)),
        conv("5x5 stride 3", Shape.of(3, 17, 23), ConvSpec.of("c", 6, 5).stride(3).padding(2)),
        conv(
            "7x7 stride 2 padding 3",
            Shape.of(3, 33, 47),
            ConvSpec.of("c", 64, 7).stride(2).padding(3)),
        conv("7x7 stride 2", Shape.of(3, 23, 17), ConvSpec.of("c", 96, 7).stride(2)));
  }

  private static Stream<Case> fused() {
    ConvSpec c = ConvSpec.of("c", 21, 3).padding(1);
    Shape input = Shape.of(21, 5, 9);
    return Stream.of(
        conv("relu", input, c.withRelu()),
        conv("batch norm", input, c.batchNorm("bn")),
        conv("batch norm relu", input, c.batchNorm("bn").withRelu()),
        Case.of("conv plus its input", input, g -> g.conv(g.input(), c.plus(g.input()))),
        Case.of(
            "conv batch norm plus its input relu",
            input,
            g -> g.conv(g.input(), c.batchNorm("bn").plus(g.input()).withRelu())),
        Case.of(
            "conv plus another conv relu",
            input,
            g -> {
              Value other = g.conv(g.input(), ConvSpec.of("other", 21, 1));
              return g.conv(g.input(), c.plus(other).withRelu());
            }),
        Case.of(
            "residual read again later",
            input,
            g -> {
              Value x = g.conv(g.input(), ConvSpec.of("x", 21, 1).withRelu());
              Value y = g.conv(x, c.plus(x).withRelu());
              return g.conv(y, ConvSpec.of("d", 21, 3).padding(1).plus(x));
            }));
  }

  private static Stream<Case> pools() {
    return Stream.of(
        pool("2x2 stride 2", Shape.of(5, 8, 6), new Window(2, 2, 0), false),
        pool("2x2 stride 2, odd", Shape.of(5, 7, 9), new Window(2, 2, 0), false),
        pool("2x2 stride 2 ceil, odd", Shape.of(5, 7, 9), new Window(2, 2, 0), true),
        pool("3x3 stride 2", Shape.of(17, 13, 8), new Window(3, 2, 0), false),
        pool("3x3 stride 2 ceil", Shape.of(17, 13, 8), new Window(3, 2, 0), true),
        pool("3x3 stride 2 ceil, 109", Shape.of(3, 109, 4), new Window(3, 2, 0), true),
        pool("3x3 stride 2 padding 1", Shape.of(16, 17, 23), new Window(3, 2, 1), false),
        pool("3x3 stride 2 padding 1 ceil", Shape.of(3, 6, 5), new Window(3, 2, 1), true),
        pool("3x3 stride 2 padding 1 on 1x1", Shape.of(3, 1, 1), new Window(3, 2, 1), false),
        average("1x1 to 7x7", Shape.of(3, 1, 1), 7, 7),
        average("10x9 to 7x7", Shape.of(5, 10, 9), 7, 7),
        average("7x7 to 7x7", Shape.of(17, 7, 7), 7, 7),
        average("14x28 to 7x7", Shape.of(3, 14, 28), 7, 7),
        average("3x15 to 7x7", Shape.of(3, 3, 15), 7, 7),
        average("to 1x1", Shape.of(3, 5, 9), 1, 1),
        Case.of("global pool", Shape.of(21, 5, 9), g -> g.globalAvgPool("p", g.input())),
        Case.of("global pool of 1x1", Shape.of(3, 1, 1), g -> g.globalAvgPool("p", g.input())));
  }

  private static Stream<Case> joins() {
    Shape input = Shape.of(5, 5, 9);
    return Stream.of(
        Case.of("linear on C×H×W", input, g -> g.linear("fc", g.input(), 10, false)),
        Case.of("linear relu", input, g -> g.linear("fc", g.input(), 33, true)),
        Case.of(
            "linear on C", input, g -> g.linear("fc", g.globalAvgPool("p", g.input()), 1, false)),
        Case.of(
            "linear on linear",
            input,
            g -> g.linear("b", g.linear("a", g.input(), 17, true), 3, false)),
        Case.of(
            "linear on a conv of 17 channels",
            input,
            g -> g.linear("b", g.conv(g.input(), ConvSpec.of("a", 17, 1)), 3, false)),
        Case.of("concat of odd counts", input, g -> g.concat("j", a(g, 3), b(g, 17), g.input())),
        Case.of(
            "concat of one value twice",
            input,
            g -> {
              Value x = a(g, 3);
              return g.concat("j", x, x);
            }),
        Case.of(
            "concat of a concat",
            input,
            g -> {
              Value inner = g.concat("inner", a(g, 3), b(g, 8));
              return g.concat("j", g.conv(inner, ConvSpec.of("c", 5, 1)), inner);
            }),
        Case.of(
            "pool of a concat in a concat",
            input,
            g -> {
              Value inner = g.concat("inner", a(g, 3), b(g, 16));
              Value pooled = g.maxPool("p", inner, new Window(3, 2, 0), true);
              return g.concat("j", g.conv(pooled, ConvSpec.of("c", 7, 1).withRelu()), pooled);
            }),
        Case.of(
            "a concat's part read elsewhere too",
            input,
            g -> {
              Value x = a(g, 3);
              Value joined = g.concat("j", x, b(g, 4));
              Value y = g.conv(joined, ConvSpec.of("c", 3, 1).plus(x));
              return g.concat("k", x, y);
            }));
  }

  private static Value a(Graph.Builder g, int channels) {
    return g.conv(g.input(), ConvSpec.of("a", channels, 1).withRelu());
  }

  private static Value b(Graph.Builder g, int channels) {
    return g.conv(g.input(), ConvSpec.of("b", channels, 3).padding(1));
  }

  @ParameterizedTest
  @FieldSource("CASES")
  void layer(Case one) {
    Graph graph = one.graph();
    Weights weights = Weights.of(graph);
    int each = graph.input().elementsAsInt();
    float[] pictures = Values.mixed(2, each);
    // a vector is not kept: here it always is the logits
    Set<String> keep = graph.shape("out").rank() == 3 ? Set.of("out") : Set.of();
    try (Backend.Model model = backend.load(graph, weights, Precision.FP32);
        Executable net = session.compile(model, 2, keep)) {
      session.fill(net.logits(), Float.NaN);
      session.upload(pictures, net.input());
      net.run(2);
      float[] logits = download(net.logits());
      for (int n = 0; n < 2; n++) {
        double[] picture = Formulas.doubles(Arrays.copyOfRange(pictures, n * each, (n + 1) * each));
        List<double[]> values = NaiveNet.run(graph, weights, picture);
        compare("logits of " + one.name(), logits, n, values.get(values.size() - 1));
        for (String label : keep) {
          compare(one.name(), download(net.kept(label)), n, values.get(graph.value(label)));
        }
      }
    }
  }

  /** Sums of up to 600 products of size 1: rounding is relative to the terms, not to the result. */
  private static void compare(String what, float[] all, int n, double[] expected) {
    int each = expected.length;
    float[] one = Arrays.copyOfRange(all, n * each, (n + 1) * each);
    double peak = Arrays.stream(expected).map(Math::abs).max().orElse(0);
    Near.peak(what + ", picture " + n, one, expected, Math.max(1, peak));
  }
}
