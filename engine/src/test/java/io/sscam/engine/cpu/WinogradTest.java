package io.sscam.engine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.StepTime;
import io.sscam.engine.contract.Weights;
import io.sscam.engine.graph.ConvSpec;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Graph.Value;
import io.sscam.engine.reference.ReferenceBackend;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** 3×3 convolutions of stride 1, which go by Winograd's filtering, against plain sums in double. */
class WinogradTest {
  /** Relative to the largest output: the contract's for any single operation. */
  private static final double TOLERANCE = 1e-5;

  @Property(tries = 60)
  void agreesWithPlainSums(
      @ForAll @IntRange(min = 16, max = 48) int inputs,
      @ForAll @IntRange(min = 16, max = 48) int outputs,
      @ForAll @IntRange(min = 3, max = 21) int height,
      @ForAll @IntRange(min = 3, max = 21) int width,
      @ForAll @IntRange(min = 0, max = 2) int padding,
      @ForAll @IntRange(min = 1, max = 5) int pictures,
      @ForAll boolean relu) {
    Graph.Builder g = Graph.builder(Shape.of(inputs, height, width));
    ConvSpec spec = ConvSpec.of("c", outputs, 3).padding(padding);
    compare(looked(g, g.conv(g.input(), relu ? spec.withRelu() : spec)), pictures);
  }

  @Property(tries = 30)
  void residualsAndSlices(
      @ForAll @IntRange(min = 16, max = 40) int channels,
      @ForAll @IntRange(min = 1, max = 18) int height,
      @ForAll @IntRange(min = 1, max = 18) int width,
      @ForAll boolean readAgain) {
    Graph.Builder g = Graph.builder(Shape.of(16, height, width));
    Value x = g.conv(g.input(), ConvSpec.of("x", channels, 1).withRelu());
    Value y = g.conv(x, ConvSpec.of("y", channels, 3).padding(1).plus(x).withRelu());
    Value one = g.conv(y, ConvSpec.of("one", 17, 1));
    Value three = g.conv(readAgain ? x : y, ConvSpec.of("three", 18, 3).padding(1));
    Value joined = g.concat("joined", one, three, y);
    compare(looked(g, g.conv(joined, ConvSpec.of("z", 16, 3).padding(1).withRelu())), 3);
  }

  /** More tiles than are multiplied at once, the last group not full. */
  @Test
  void manyTiles() {
    Graph.Builder g = Graph.builder(Shape.of(20, 90, 91));
    compare(looked(g, g.conv(g.input(), ConvSpec.of("c", 16, 3).padding(1).withRelu())), 2);
  }

  @Test
  void isUsed() {
    Graph.Builder g = Graph.builder(Shape.of(32, 14, 14));
    Graph graph = looked(g, g.conv(g.input(), ConvSpec.of("c", 32, 3).padding(1)));
    try (Backend cpu = new CpuBackend(1);
        Backend.Model model = load(cpu, graph);
        Session session = cpu.openSession();
        Executable net = session.compile(model, 2, Set.of())) {
      assertThat(net.profile())
          .filteredOn(time -> time.layer().equals("c"))
          .extracting(StepTime::step)
          .anyMatch(step -> step.contains("winograd"));
    }
  }

  /** A net whose value "out" is looked at. */
  private static Graph looked(Graph.Builder g, Value out) {
    g.globalAvgPool("mean", g.label("out", out));
    return g.build();
  }

  private static Backend.Model load(Backend backend, Graph graph) {
    return backend.load(graph, Weights.of(graph), Precision.FP32);
  }

  private static void compare(Graph graph, int pictures) {
    float[] input = new float[pictures * graph.input().elementsAsInt()];
    Random random = new Random(input.length);
    for (int i = 0; i < input.length; i++) {
      input[i] = random.nextFloat() - 0.3f;
    }
    float[] expected;
    try (Backend reference = new ReferenceBackend(2)) {
      expected = run(reference, graph, input, pictures);
    }
    try (Backend cpu = new CpuBackend(1)) {
      float[] actual = run(cpu, graph, input, pictures);
      double peak = 0;
      double error = 0;
      for (int i = 0; i < expected.length; i++) {
        assertThat(actual[i]).isFinite();
        peak = Math.max(peak, Math.abs(expected[i]));
        error = Math.max(error, Math.abs((double) actual[i] - expected[i]));
      }
      assertThat(error).isLessThanOrEqualTo(TOLERANCE * peak);
    }
  }

  private static float[] run(Backend backend, Graph graph, float[] input, int pictures) {
    try (Backend.Model model = load(backend, graph);
        Session session = backend.openSession();
        Executable net = session.compile(model, pictures, Set.of("out"))) {
      session.upload(input, net.input());
      net.run(pictures);
      float[] out = new float[net.kept("out").shape().elementsAsInt()];
      session.download(net.kept("out"), out);
      return out;
    }
  }
}
