package io.sscam.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.StepTime;
import io.sscam.engine.contract.Weights;
import io.sscam.engine.cpu.CpuBackend;
import io.sscam.engine.graph.ConvSpec;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Graph.Value;
import io.sscam.engine.graph.Window;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nets whose first layers run for few pictures at a time. */
class WaistTest {
  /** Relative to the largest value of a picture. Both sides compute by Winograd's filtering. */
  private static final double TOLERANCE = 1e-6;

  @Test
  void liesBeforeTheFirstLargeWeights() {
    Graph graph = branches();
    assertThat(Waist.of(graph, 8, Arithmetic.WINOGRAD)).isEqualTo(new Waist(graph.value("p"), 1));
    // As plain sums the filters of "e" are 3.7 MB, so the layers behind it are read again too.
    assertThat(Waist.of(graph, 8, Arithmetic.PLAIN)).isEqualTo(new Waist(graph.value("f"), 1));
  }

  @Test
  void thereIsNoneWhereActivationsAreSmallOrTheFirstWeightsLarge() {
    Graph.Builder small = Graph.builder(Shape.of(3, 32, 32));
    small.globalAvgPool("mean", small.conv(small.input(), ConvSpec.of("a", 64, 3).padding(1)));
    assertThat(Waist.of(small.build(), 8, Arithmetic.WINOGRAD).together()).isEqualTo(8);

    Graph.Builder large = Graph.builder(Shape.of(512, 64, 64));
    large.globalAvgPool("mean", large.conv(large.input(), ConvSpec.of("a", 512, 3).padding(1)));
    assertThat(Waist.of(large.build(), 8, Arithmetic.WINOGRAD).together()).isEqualTo(8);
  }

  /** A value of 1 MiB and five pictures more than fit: not four and one, but three and two. */
  @Test
  void partsAreAboutEqual() {
    Graph.Builder g = Graph.builder(Shape.of(3, 64, 64));
    g.globalAvgPool("mean", g.conv(g.input(), ConvSpec.of("a", 64, 3).padding(1)));
    assertThat(Waist.of(g.build(), 5, Arithmetic.WINOGRAD)).isEqualTo(new Waist(1, 3));
    assertThat(Waist.of(g.build(), 4, Arithmetic.WINOGRAD).together()).isEqualTo(4);
  }

  @Test
  void isNotWhereALaterLayerReadsAnEarlierValue() {
    Graph.Builder g = Graph.builder(Shape.of(16, 300, 300));
    Value a = g.conv(g.input(), ConvSpec.of("a", 16, 1));
    Value b = g.conv(a, ConvSpec.of("b", 16, 1));
    Value c = g.conv(b, ConvSpec.of("c", 16, 65).padding(32).plus(a)); // 4.3 MB of weights
    g.globalAvgPool("mean", c);
    assertThat(Waist.of(g.build(), 8, Arithmetic.WINOGRAD)).isEqualTo(new Waist(a.id(), 1));
  }

  @Test
  void aPoolingOfBranchesAtTheWaist() {
    compare(branches(), List.of("a", "b", "joined", "p", "e", "f"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aSumAtTheWaist(int kernel) {
    Graph.Builder g = Graph.builder(Shape.of(3, 160, 160));
    Value a = g.label("a", g.conv(g.input(), ConvSpec.of("a", 64, 3).padding(1).withRelu()));
    ConvSpec sum = ConvSpec.of("r", 64, kernel).padding(kernel / 2).plus(a).withRelu();
    Value r = g.label("r", g.conv(a, sum));
    Value t = g.label("t", g.conv(r, ConvSpec.of("t", 512, 7).stride(8)));
    g.globalAvgPool("mean", t);
    Graph graph = g.build();
    assertThat(Waist.of(graph, 5, Arithmetic.WINOGRAD)).isEqualTo(new Waist(r.id(), 1));
    compare(graph, List.of("a", "r", "t"));
  }

  @Test
  void memoryHoldsTheLargeActivationsOnce() {
    Graph graph = branches();
    AtomicLong bytes = new AtomicLong();
    try (PackedWeights weights =
        new PackedWeights(graph, Weights.of(graph), Precision.FP32, bytes)) {
      long one = activations(weights, 1, bytes);
      assertThat(activations(weights, 8, bytes)).isBetween(one, 2 * one);
    }
  }

  private static long activations(PackedWeights weights, int pictures, AtomicLong bytes) {
    PlanSpec spec = new PlanSpec(Map.of(), Arithmetic.WINOGRAD);
    NetPlan.compile(weights, pictures, spec, bytes).close(); // packs the weights
    long before = bytes.get();
    try (NetPlan plan = NetPlan.compile(weights, pictures, spec, bytes)) {
      assertThat(plan.description()).isNotEmpty();
      return bytes.get() - before;
    }
  }

  /** Large activations, a concat, a pooling, and a convolution too large to be read often. */
  private static Graph branches() {
    Graph.Builder g = Graph.builder(Shape.of(3, 160, 160));
    Value a = g.label("a", g.conv(g.input(), ConvSpec.of("a", 64, 3).padding(1).withRelu()));
    Value b = g.label("b", g.conv(a, ConvSpec.of("b", 320, 5).stride(4).padding(2).withRelu()));
    Value one = g.conv(b, ConvSpec.of("one", 288, 1));
    Value three = g.conv(b, ConvSpec.of("three", 32, 3).padding(1));
    Value joined = g.label("joined", g.concat("joined", one, three));
    Value p = g.label("p", g.maxPool("p", joined, new Window(2, 2, 0), false));
    Value e = g.label("e", g.conv(p, ConvSpec.of("e", 320, 3).padding(1).plus(p).withRelu()));
    Value f = g.label("f", g.conv(e, ConvSpec.of("f", 24, 1)));
    g.linear("fc", g.globalAvgPool("mean", f), 7, false);
    return g.build();
  }

  /**
   * All values of seven pictures at once, three in a piece and one beside them, and of each alone.
   */
  private static void compare(Graph graph, List<String> labels) {
    int pictures = 7;
    int each = graph.input().elementsAsInt();
    float[] input = new float[pictures * each];
    Random random = new Random(7);
    for (int i = 0; i < input.length; i++) {
      input[i] = random.nextFloat() - 0.3f;
    }
    try (Backend cpu = new CpuBackend(2);
        Backend.Model model = cpu.load(graph, Weights.of(graph), Precision.FP32);
        Session session = cpu.openSession();
        Executable all = session.compile(model, pictures, Set.copyOf(labels));
        Executable one = session.compile(model, 2, Set.copyOf(labels))) { // one a worker
      session.upload(input, all.input());
      all.run(pictures);
      Map<String, float[]> together = new HashMap<>();
      labels.forEach(label -> together.put(label, download(session, all, label)));
      for (int i = 0; i < pictures; i++) {
        float[] alone = Arrays.copyOfRange(input, i * each, (i + 1) * each);
        session.upload(Arrays.copyOf(alone, 2 * each), one.input());
        one.run(1);
        for (String label : labels) {
          float[] expected = download(session, one, label);
          int size = expected.length / 2;
          near(
              label + " of picture " + i,
              Arrays.copyOfRange(together.get(label), i * size, (i + 1) * size),
              Arrays.copyOf(expected, size));
        }
      }
      List<StepTime> times = all.profile();
      assertThat(times).extracting(StepTime::step).doesNotHaveDuplicates();
      assertThat(times).extracting(StepTime::pictures).containsOnly(6); // two pieces
    }
  }

  private static float[] download(Session session, Executable net, String label) {
    float[] values = new float[net.kept(label).shape().elementsAsInt()];
    session.download(net.kept(label), values);
    return values;
  }

  private static void near(String what, float[] actual, float[] expected) {
    double peak = 0;
    double error = 0;
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).as(what).isFinite();
      peak = Math.max(peak, Math.abs(expected[i]));
      error = Math.max(error, Math.abs((double) actual[i] - expected[i]));
    }
    assertThat(peak).as(what).isPositive();
    assertThat(error).as(what).isLessThanOrEqualTo(TOLERANCE * peak);
  }
}
