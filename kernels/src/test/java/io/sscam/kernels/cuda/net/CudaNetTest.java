package io.sscam.kernels.cuda.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.contract.NetCases;
import io.sscam.engine.graph.Graph;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nets on the device against the reference in double precision. */
class CudaNetTest {
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

  /**
   * How far a value may be from the reference, relative to the largest: float32 rounds sums of some
   * hundred terms (6e-8 each), TF32 the factors to 10 bits (5e-4, halved by averaging), float16
   * every value of a few layers in a row to 10 bits.
   */
  static double budget(Precision precision) {
    return switch (precision) {
      case FP32 -> 1e-5;
      case TF32 -> 5e-3;
      case FP16 -> 1e-2;
      case BF16 -> throw new IllegalArgumentException("not on CUDA");
    };
  }

  static Stream<Arguments> cases() {
    return NetBench.PRECISIONS.stream()
        .flatMap(
            precision ->
                NetCases.all().keySet().stream().map(name -> Arguments.of(precision, name)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyValueIsTheReferences(Precision precision, String name) {
    Graph graph = NetCases.all().get(name);
    check(graph, precision, 2, graph.labels().keySet(), 2);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void nothingKept(Precision precision, String name) {
    check(NetCases.all().get(name), precision, 3, Set.of(), 3);
  }

  @ParameterizedTest
  @CudaPrecisions
  void oneLabelAtATime(Precision precision) {
    Graph graph = NetCases.everything();
    for (String label : graph.labels().keySet()) {
      check(graph, precision, 1, Set.of(label), 1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
  void anyCount(int count) {
    check(NetCases.everything(), Precision.FP32, 7, Set.of("fire", "wide"), count);
    check(NetCases.everything(), Precision.FP16, 7, Set.of("fire", "wide"), count);
  }

  /** 17 MB in float32. */
  @ParameterizedTest
  @CudaPrecisions
  void aMatrixLargerThanWhatIsUploadedAtOnce(Precision precision) {
    Graph.Builder g = Graph.builder(Shape.of(2, 32, 32));
    g.linear("fc", g.input(), 2100, false);
    check(g.build(), precision, 1, Set.of(), 1);
  }

  private void check(Graph graph, Precision precision, int batch, Set<String> keep, int count) {
    float[] pictures = NetBench.pictures(graph, count);
    Map<String, float[]> expected = NetBench.reference(graph, pictures, keep);
    try (DeviceWeights weights = bench.load(graph, precision);
        CudaNet net = bench.compile(weights, batch, keep)) {
      bench.upload(net, graph, pictures);
      net.run(count);
      Map<String, float[]> actual = bench.results(net, graph, keep, count);
      expected.forEach(
          (label, values) -> {
            String what = label + " in " + String.join("\n", net.describe());
            NetBench.near(what, actual.get(label), values, budget(precision));
          });
    }
  }

  /** Half the batch, then a quarter: each is made once and then only run. */
  @Test
  void sizesAreMadeOnceAndMemoryStandsStill() {
    Graph graph = NetCases.everything();
    try (DeviceWeights weights = bench.load(graph, Precision.FP32);
        CudaNet net = bench.compile(weights, 9, Set.of("fire"))) {
      float[] pictures = NetBench.pictures(graph, 9);
      bench.upload(net, graph, pictures);
      long live = bench.live.get();
      for (int round = 0; round < 3; round++) {
        for (int count = 1; count <= 9; count++) {
          net.run(count);
        }
      }
      bench.stream.synchronise();
      assertThat(bench.live.get()).isEqualTo(live);
      assertThat(net.describe().stream().filter(line -> !line.startsWith(" ")))
          .satisfiesExactly(
              line -> assertThat(line).startsWith("9 pictures: one launch of a graph"),
              line -> assertThat(line).startsWith("5 pictures: one launch of a graph"),
              line -> assertThat(line).startsWith("3 pictures: one launch of a graph"),
              line -> assertThat(line).startsWith("2 pictures: one launch of a graph"),
              line -> assertThat(line).startsWith("1 pictures: one launch of a graph"));
    }
  }

  @Test
  void sizeClassesHalve() {
    assertThat(List.of(256, 129, 128, 65, 64, 33, 3, 2, 1))
        .extracting(count -> CudaNet.sizeClass(256, count))
        .containsExactly(256, 256, 128, 128, 64, 64, 4, 2, 1);
    assertThat(CudaNet.sizeClass(7, 4)).isEqualTo(4);
    assertThat(CudaNet.sizeClass(7, 5)).isEqualTo(7);
  }

  @ParameterizedTest
  @CudaPrecisions
  void runningAgainGivesTheSameBits(Precision precision) {
    Graph graph = NetCases.everything();
    Set<String> keep = graph.labels().keySet();
    try (DeviceWeights weights = bench.load(graph, precision);
        CudaNet net = bench.compile(weights, 4, keep)) {
      bench.upload(net, graph, NetBench.pictures(graph, 4));
      net.run(4);
      Map<String, float[]> first = bench.results(net, graph, keep, 4);
      for (int i = 0; i < 20; i++) { // more than may be queued at once
        net.run(1 + i % 4);
      }
      net.run(4);
      Map<String, float[]> again = bench.results(net, graph, keep, 4);
      first.forEach(
          (label, values) -> assertThat(again.get(label)).as(label).containsExactly(values));
    }
  }

  @Test
  void netsOfOneModelDoNotDisturbEachOther() {
    Graph graph = NetCases.everything();
    float[] pictures = NetBench.pictures(graph, 3);
    Map<String, float[]> expected = NetBench.reference(graph, pictures, Set.of("wide", "stem"));
    try (DeviceWeights weights = bench.load(graph, Precision.FP32);
        CudaNet one = bench.compile(weights, 3, Set.of("wide"));
        CudaNet other = bench.compile(weights, 5, Set.of("stem"))) {
      bench.upload(one, graph, pictures);
      bench.upload(other, graph, pictures);
      one.run(3);
      other.run(3);
      Map<String, float[]> first = bench.results(one, graph, Set.of("wide"), 3);
      Map<String, float[]> second = bench.results(other, graph, Set.of("stem"), 3);
      NetBench.near("wide", first.get("wide"), expected.get("wide"), 1e-5);
      NetBench.near("stem", second.get("stem"), expected.get("stem"), 1e-5);
      NetBench.near("logits", second.get("logits"), expected.get("logits"), 1e-5);
    }
  }

  /** Two sessions with the same weights and the same file of choices. */
  @Test
  void threadsShareAModel() throws Exception {
    Graph graph = NetCases.everything();
    float[] pictures = NetBench.pictures(graph, 3);
    float[] expected = NetBench.reference(graph, pictures, Set.of()).get("logits");
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try (DeviceWeights weights = bench.load(graph, Precision.FP32)) {
      Callable<float[]> job =
          () -> {
            try (NetBench own = bench.sibling();
                CudaNet net = own.compile(weights, 3, Set.of())) {
              own.upload(net, graph, pictures);
              net.run(3);
              return own.results(net, graph, Set.of(), 3).get("logits");
            }
          };
      for (Future<float[]> logits : pool.invokeAll(List.of(job, job, job, job))) {
        NetBench.near("logits", logits.get(), expected, budget(Precision.FP32));
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void refusals() {
    Graph graph = NetCases.everything();
    DeviceWeights weights = bench.load(graph, Precision.FP32);
    assertThatThrownBy(() -> bench.compile(weights, 0, Set.of()))
        .isInstanceOf(IllegalArgumentException.class);
    CudaNet net = bench.compile(weights, 2, Set.of("stem"));
    assertThatThrownBy(() -> net.keptAddress(graph.value("fire")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("fire");
    for (int count : new int[] {-1, 0, 3}) {
      assertThatThrownBy(() -> net.run(count)).isInstanceOf(IllegalArgumentException.class);
    }
    net.close();
    net.close();
    assertThatThrownBy(() -> net.run(1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(net::logitsAddress).isInstanceOf(IllegalStateException.class);
    weights.close();
    weights.close();
    assertThatThrownBy(() -> bench.compile(weights, 1, Set.of()))
        .isInstanceOf(IllegalStateException.class);
  }
}
