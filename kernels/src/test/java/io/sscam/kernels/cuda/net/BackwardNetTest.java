package io.sscam.kernels.cuda.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.contract.NetCases;
import io.sscam.engine.graph.ConvSpec;
import io.sscam.engine.graph.Graph;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients on the device against the reference in double precision. */
class BackwardNetTest {
  @TempDir Path cache;
  private NetBench bench;

  @BeforeEach
  void open() {
    bench = new NetBench(cache);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  static Stream<Arguments> cases() {
    return NetCases.all().entrySet().stream()
        .flatMap(
            one ->
                GradientBench.labels(one.getValue()).stream()
                    .map(label -> Arguments.of(one.getKey(), label)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyGradientIsTheReferences(String name, String label) {
    Graph graph = NetCases.all().get(name);
    float[] picture = NetBench.pictures(graph, 1);
    int[] classes = {graph.logits().elementsAsInt() - 1, 0};
    List<float[]> expected = GradientBench.reference(graph, picture, label, classes);
    GradientBench.Outcome actual =
        GradientBench.compute(bench, graph, Precision.FP32, picture, label, classes);
    for (int i = 0; i < classes.length; i++) {
      String what = label + " in " + String.join("\n", actual.description());
      double budget = CudaNetTest.budget(Precision.FP32);
      NetBench.near(what, actual.gradients().get(i), expected.get(i), budget);
    }
  }

  /**
   * Without a kink only the weights' rounding shows: 2⁻¹¹ of a weight in float16 and in TF32, 2⁻¹¹
   * of a gradient in TF32, in each of three layers at most.
   */
  @ParameterizedTest
  @CudaPrecisions
  void smoothNetsAreNear(Precision precision) {
    Graph.Builder g = Graph.builder(Shape.of(3, 9, 11));
    g.label("picture", g.input()); // padded to 4 channels in float16, its filters too
    Graph.Value x = g.label("a", g.conv(g.input(), ConvSpec.of("a", 7, 3).stride(2)));
    x = g.label("b", g.conv(x, ConvSpec.of("b", 10, 1).batchNorm("bn")));
    g.linear("fc", g.adaptiveAvgPool("mean", x, 2, 3), 6, false);
    Graph graph = g.build();
    float[] picture = NetBench.pictures(graph, 1);
    for (String label : List.of("picture", "a", "b")) {
      float[] expected = GradientBench.reference(graph, picture, label, 4).get(0);
      float[] actual =
          GradientBench.compute(bench, graph, precision, picture, label, 4).gradients().get(0);
      double budget = precision == Precision.FP32 ? 1e-5 : 3 * 0x1p-10;
      NetBench.near(label + " in " + precision, actual, expected, budget);
    }
  }

  /**
   * A value near 0 or near another's may fall to the other side of a ReLU or a maximum in float16
   * and TF32, and then a whole path of the gradient differs: so all elements together. Some ten
   * layers round by 2⁻¹¹ each.
   */
  @ParameterizedTest
  @CudaPrecisions
  void netsWithKinksAreNearOnTheWhole(Precision precision) {
    Graph graph = NetCases.everything();
    float[] picture = NetBench.pictures(graph, 1);
    for (String label : GradientBench.labels(graph)) {
      float[] expected = GradientBench.reference(graph, picture, label, 3).get(0);
      float[] actual =
          GradientBench.compute(bench, graph, precision, picture, label, 3).gradients().get(0);
      double squares = 0;
      double errors = 0;
      for (int e = 0; e < expected.length; e++) {
        squares += (double) expected[e] * expected[e];
        errors += Math.pow(actual[e] - (double) expected[e], 2);
      }
      double relative = Math.sqrt(errors / squares);
      double budget = precision == Precision.FP32 ? 1e-5 : 5e-3;
      assertThat(relative <= budget).as("%s in %s: %s", label, precision, relative).isTrue();
    }
  }

  /** A part of a concat needs no copy, and the whole is one launch. */
  @Test
  void theStepsAreTold() {
    Graph graph = NetCases.everything(11, 13);
    float[] picture = NetBench.pictures(graph, 1);
    List<String> lines =
        GradientBench.compute(bench, graph, Precision.FP32, picture, "squeeze", 0).description();
    assertThat(lines.get(0)).startsWith("gradient by squeeze: one launch of a graph of");
    assertThat(lines)
        .contains(
            "  fc2: gradient by cuBLAS, 10 rows of 24",
            "  fc1: kernel relu_gradient",
            "  avgpool: kernel average_pool_gradient",
            "  sum of gradients: kernel add",
            "  pool2: kernel max_pool_gradient",
            "  gradient by squeeze: copied")
        .noneMatch(line -> line.contains("fire: ") || line.contains("joined: "))
        .anyMatch(line -> line.startsWith("  e3: gradient by cuDNN algorithm 1, workspace "));
  }

  @Test
  void refusals() {
    Graph graph = NetCases.everything(11, 13);
    int start = graph.value("fire");
    DeviceWeights weights = bench.load(graph, Precision.FP32);
    CudaNet forward =
        CudaNet.compile(bench.tools, weights, 1, BackwardNet.valuesToKeep(graph, start));
    int other = graph.value("stem"); // for which more would have had to be kept
    assertThatThrownBy(() -> BackwardNet.compile(bench.tools, weights, forward, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not asked to be kept");
    BackwardNet backward = BackwardNet.compile(bench.tools, weights, forward, start);
    for (int c : new int[] {-1, 10}) {
      assertThatThrownBy(() -> backward.run(c))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("there is no class " + c + " among 10");
    }
    backward.close();
    backward.close();
    assertThatThrownBy(() -> backward.run(0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(backward::gradientAddress).isInstanceOf(IllegalStateException.class);
    forward.close();
    weights.close();
  }
}
