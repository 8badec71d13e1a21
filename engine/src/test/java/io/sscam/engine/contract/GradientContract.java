package io.sscam.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Gradient;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.generated.GeneratedWeights;
import io.sscam.engine.graph.ConvSpec;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Graph.Value;
import io.sscam.engine.graph.Window;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The gradient of a logit by a layer's output, against central differences in double.
 *
 * <p>Values are fixed here: in float32 a ReLU or a maximum may fall to the other side than in
 * double where two values nearly meet, which random values would do now and then.
 */
abstract class GradientContract extends Bench {
  private static final double STEP = 1e-5;

  private final Graph graph = NetCases.everything(33, 47);
  private final Weights weights = fixed(graph);
  private final float[] picture = fixed(graph.input().elementsAsInt(), 7);

  GradientContract(BackendContract contract) {
    super(contract);
  }

  static Set<String> labels() {
    return NetCases.everything(33, 47).labels().keySet();
  }

  private static Weights fixed(Graph graph) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    Weights.of(graph).tensors().forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    GeneratedWeights generated = new GeneratedWeights(shapes);
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    shapes.keySet().forEach(name -> tensors.put(name, generated.read(name)));
    return new Weights(tensors);
  }

  private static float[] fixed(int elements, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[elements];
    for (int e = 0; e < elements; e++) {
      values[e] = (float) (random.nextDouble() * 4 - 2);
    }
    return values;
  }

  @ParameterizedTest
  @MethodSource("labels")
  void agreesWithCentralDifferences(String label) {
    try (Backend.Model model = load();
        Gradient net = session.differentiate(model, label)) {
      session.upload(picture, net.input());
      net.run(1);
      List<double[]> values = NaiveNet.run(graph, weights, Formulas.doubles(picture));
      double[] activation = values.get(graph.value(label));
      Near.peak(label, download(net.kept(label)), activation);
      Near.peak("logits", download(net.logits()), values.get(values.size() - 1));
      int[] elements = sample(activation.length);
      double[][] expected = differences(values, label, elements);
      for (int c : new int[] {3, NetCases.CLASSES - 1, 0}) {
        net.backward(c);
        float[] gradient = download(net.gradient());
        double peak = 0;
        for (float g : gradient) {
          peak = Math.max(peak, Math.abs(g));
        }
        assertThat(peak).isPositive();
        int smooth = 0;
        for (int i = 0; i < elements.length; i++) {
          if (!Double.isNaN(expected[i][c])) {
            smooth++;
            String what = label + " class " + c + " gradient";
            Near.element(what, elements[i], gradient[elements[i]], expected[i][c], 1e-4 * peak);
          }
        }
        assertThat(smooth)
            .as("elements without a kink, of " + elements.length)
            .isGreaterThan(elements.length / 4);
      }
    }
  }

  /** Elements in all corners and at random: each difference is two forward passes in double. */
  private static int[] sample(int elements) {
    return new SplittableRandom(1).ints(80, 0, elements).distinct().sorted().toArray();
  }

  /** Per element and class; NaN where the two sides differ: a kink, as at a ReLU's zero. */
  private double[][] differences(List<double[]> values, String label, int[] elements) {
    int start = graph.value(label);
    double[] middle = values.get(values.size() - 1);
    double[][] all = new double[elements.length][];
    for (int i = 0; i < elements.length; i++) {
      double[] above = moved(values, start, elements[i], STEP);
      double[] below = moved(values, start, elements[i], -STEP);
      all[i] = new double[middle.length];
      for (int c = 0; c < middle.length; c++) {
        double bend = Math.abs(above[c] - 2 * middle[c] + below[c]) / STEP;
        all[i][c] = bend > 1e-5 ? Double.NaN : (above[c] - below[c]) / (2 * STEP);
      }
    }
    return all;
  }

  private double[] moved(List<double[]> values, int start, int element, double by) {
    double[] changed = values.get(start).clone();
    changed[element] += by;
    return NaiveNet.logits(graph, weights, values, start, changed);
  }

  /** All nine inputs of a window are alike: the first takes the whole gradient. */
  @Test
  void firstOfEqualsTakesTheGradient() {
    Graph.Builder g = Graph.builder(Shape.of(1, 4, 4));
    Value x = g.label("x", g.conv(g.input(), ConvSpec.of("one", 1, 1)));
    x = g.maxPool("pool", x, new Window(3, 2, 0), true);
    g.linear("fc", x, 1, false);
    Graph pooled = g.build();
    Weights ones =
        new Weights(
            Map.of(
                "one.weight", tensor(new float[] {1}, 1, 1, 1, 1),
                "one.bias", tensor(new float[] {0}, 1),
                "fc.weight", tensor(new float[] {1, 10, 100, 1000}, 1, 4),
                "fc.bias", tensor(new float[] {0}, 1)));
    try (Backend.Model model = backend.load(pooled, ones, Precision.FP32);
        Gradient net = session.differentiate(model, "x")) {
      session.upload(new float[16], net.input());
      net.run(1);
      net.backward(0);
      // windows start at rows and columns 0 and 2; the last ones hang over the edge
      float[] expected = new float[16];
      expected[0] = 1;
      expected[2] = 10;
      expected[8] = 100;
      expected[10] = 1000;
      Near.bits("gradient", download(net.gradient()), expected);
    }
  }

  private static HostTensor tensor(float[] data, int... dims) {
    return new HostTensor(Shape.of(dims), data);
  }

  @Test
  void forwardIsThatOfTheNet() {
    try (Backend.Model model = load();
        Gradient net = session.differentiate(model, "fire");
        Executable plain = session.compile(model, 1, Set.of("fire"))) {
      session.upload(picture, net.input());
      session.upload(picture, plain.input());
      net.run(1);
      plain.run(1);
      assertThat(net.kept("fire").shape()).isEqualTo(graph.shape("fire").withBatch(1));
      assertThat(net.gradient().shape()).isEqualTo(graph.shape("fire").withBatch(1));
      Near.peak("logits", download(net.logits()), Formulas.doubles(download(plain.logits())));
      Near.peak("fire", download(net.kept("fire")), Formulas.doubles(download(plain.kept("fire"))));
    }
  }

  /** Nothing of one class or picture may be left to the next. */
  @Test
  void runningAgainGivesTheSameBits() {
    try (Backend.Model model = load();
        Gradient net = session.differentiate(model, "pool")) {
      session.upload(picture, net.input());
      net.run(1);
      net.backward(5);
      float[] first = download(net.gradient());
      long after = backend.liveBytes();
      net.backward(2);
      session.upload(fixed(picture.length, 8), net.input());
      net.run(1);
      net.backward(5);
      assertThat(download(net.gradient())).isNotEqualTo(first);
      session.upload(picture, net.input());
      net.run(1);
      net.backward(5);
      Near.bits("gradient", download(net.gradient()), first);
      assertThat(backend.liveBytes()).isEqualTo(after);
    }
  }

  @Test
  void refusals() {
    try (Backend.Model model = load()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> session.differentiate(model, "nowhere"))
          .withMessageContaining("nowhere")
          .withMessageContaining("fire");
      Gradient net = session.differentiate(model, "fire");
      net.run(1);
      for (int c : new int[] {-1, NetCases.CLASSES}) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> net.backward(c))
            .withMessageContaining("class " + c);
      }
      assertThat(net.batch()).isEqualTo(1);
      assertThatIllegalArgumentException().isThrownBy(() -> net.run(2));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> net.kept("stem"))
          .withMessageContaining("stem");
      net.close();
      assertThatIllegalStateException().isThrownBy(() -> net.run(1));
    }
  }

  @Test
  void aValueWithoutInfluenceIsRefused() {
    Graph.Builder g = Graph.builder(Shape.of(3, 8, 8));
    Value x = g.conv(g.input(), ConvSpec.of("a", 4, 1));
    g.label("aside", g.conv(x, ConvSpec.of("b", 4, 1)));
    g.globalAvgPool("pool", x);
    Graph forked = g.build();
    try (Backend.Model model = backend.load(forked, fixed(forked), Precision.FP32)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> session.differentiate(model, "aside"))
          .withMessageContaining("do not depend");
    }
  }

  private Backend.Model load() {
    return backend.load(graph, weights, Precision.FP32);
  }
}
