package io.sscam.engine.cpu;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.Tensor;
import io.sscam.engine.contract.NetCases;
import io.sscam.engine.graph.ConvSpec;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Graph.Value;
import io.sscam.engine.onednn.OnednnLibrary;
import io.sscam.engine.reference.ReferenceBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nets in bfloat16, where the processor has it, against the reference. */
class Bfloat16Test {
  /**
   * Relative to the largest value: pictures, weights and activations of some layers in a row are
   * rounded to 8 bits (2e-3 each).
   */
  private static final double BUDGET = 2e-2;

  static boolean processorHasIt() {
    return OnednnLibrary.precisions().contains(Precision.BF16);
  }

  static Set<String> cases() {
    return NetCases.all().keySet();
  }

  @ParameterizedTest
  @MethodSource("cases")
  @EnabledIf(value = "processorHasIt", disabledReason = "the processor has no bfloat16")
  void everyValueIsTheReferences(String name) {
    check(NetCases.all().get(name), 1, 2, 3);
  }

  /** Where the layers up to the last one with weights run for few pictures after the other. */
  @Test
  @EnabledIf(value = "processorHasIt", disabledReason = "the processor has no bfloat16")
  void largeActivationsAreTheReferences() {
    Graph.Builder g = Graph.builder(Shape.of(3, 160, 160));
    Value wide = g.label("wide", g.conv(g.input(), ConvSpec.of("wide", 64, 3).withRelu()));
    g.globalAvgPool("mean", g.label("last", g.conv(wide, ConvSpec.of("last", 10, 1))));
    check(g.build(), 4, 7);
  }

  private static void check(Graph graph, int... counts) {
    for (int pictures : counts) {
      Map<String, float[]> expected;
      try (Backend reference = new ReferenceBackend(2)) {
        expected = values(reference, Precision.FP32, graph, pictures);
      }
      Map<String, float[]> actual;
      try (Backend cpu = new CpuBackend(2)) {
        actual = values(cpu, Precision.BF16, graph, pictures);
        assertThat(cpu.liveBytes()).as("live bytes").isZero();
      }
      assertThat(actual.keySet()).isEqualTo(expected.keySet());
      expected.forEach(
          (label, values) -> near(label + " of " + pictures, actual.get(label), values));
      assertThat(isBfloat16(actual.get("logits"))).as("logits rounded").isFalse();
    }
  }

  /** Whether nothing is left of what bfloat16 lacks. */
  private static boolean isBfloat16(float[] values) {
    return IntStream.range(0, values.length)
        .allMatch(i -> (Float.floatToIntBits(values[i]) & 0xFFFF) == 0);
  }

  /** All labelled values and the logits. */
  private static Map<String, float[]> values(
      Backend backend, Precision precision, Graph graph, int pictures) {
    Set<String> labels = graph.labels().keySet();
    try (Backend.Model model = backend.load(graph, NetCases.weights(graph), precision);
        Session session = backend.openSession();
        Executable net = session.compile(model, pictures, labels)) {
      assertThat(model.precision()).isEqualTo(precision);
      Random random = new Random(3);
      float[] input = new float[net.input().shape().elementsAsInt()];
      for (int i = 0; i < input.length; i++) {
        input[i] = random.nextFloat() * 2 - 1;
      }
      session.upload(input, net.input());
      net.run(pictures);
      Map<String, float[]> values = new LinkedHashMap<>();
      values.put("logits", download(session, net.logits()));
      labels.forEach(label -> values.put(label, download(session, net.kept(label))));
      return values;
    }
  }

  private static float[] download(Session session, Tensor tensor) {
    float[] values = new float[tensor.shape().elementsAsInt()];
    session.download(tensor, values);
    return values;
  }

  private static void near(String what, float[] actual, float[] expected) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    double largest = 0;
    double error = 0;
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).as(what).isFinite();
      largest = Math.max(largest, Math.abs(expected[i]));
      error = Math.max(error, Math.abs(expected[i] - actual[i]));
    }
    assertThat(error).as(what).isLessThanOrEqualTo(BUDGET * largest);
  }

  @Test
  @EnabledIf(value = "processorHasIt", disabledReason = "the processor has no bfloat16")
  void isNotFloat32() {
    Graph graph = NetCases.everything();
    try (Backend cpu = new CpuBackend(1)) {
      assertThat(values(cpu, Precision.BF16, graph, 2).get("logits"))
          .isNotEqualTo(values(cpu, Precision.FP32, graph, 2).get("logits"));
    }
  }

  /** In a process of its own, whose oneDNN is held to an older processor's instructions. */
  @ParameterizedTest
  @ValueSource(strings = {"AVX2", "AVX512_CORE"})
  void olderProcessorsAreRefused(String instructions) throws IOException, InterruptedException {
    ProcessBuilder older =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Bfloat16Test.class.getName());
    older.environment().put("ONEDNN_MAX_CPU_ISA", instructions);
    Process process = older.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output)
        .contains("cpu computes in fp32 only; bf16 is there on a CPU with AVX512-BF16 or AMX");
  }

  /** Prints why a net is not loaded in bfloat16. */
  public static void main(String[] args) {
    Graph graph = NetCases.everything();
    try (Backend cpu = new CpuBackend(1)) {
      cpu.load(graph, NetCases.weights(graph), Precision.BF16).close();
    } catch (IllegalArgumentException e) {
      System.out.println(e.getMessage());
    }
  }

  @Test
  void whatOnlyCudaDevicesHaveIsRefused() {
    Graph graph = NetCases.everything();
    try (Backend cpu = new CpuBackend(1)) {
      assertThatThrownBy(() -> cpu.load(graph, NetCases.weights(graph), Precision.FP16))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("cpu computes in fp32")
          .hasMessageEndingWith(" only; fp16 is there on a CUDA device (cuda:0)");
    }
  }
}
