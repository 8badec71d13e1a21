package io.sscam.engine.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.CamOperations.Noise;
import io.sscam.engine.backend.CamOperations.Pairs;
import io.sscam.engine.backend.CamOperations.Score;
import io.sscam.engine.backend.DataType;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.Tensor;
import io.sscam.engine.contract.NetCases;
import io.sscam.engine.contract.Weights;
import io.sscam.engine.graph.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scoring loop on more workers than this machine has cores, or the batch has pictures. */
class PairStreamTest {
  private static final int CHANNELS = 12;
  private static final int SAMPLES = 5;
  private static final int PAIRS = CHANNELS * SAMPLES;

  private final Graph graph = NetCases.everything(33, 47);
  private final Backend backend = new CpuBackend(4);
  private final Backend.Model model = backend.load(graph, Weights.of(graph), Precision.FP32);

  @AfterEach
  void close() {
    model.close();
    assertThat(backend.liveBytes()).isZero();
    backend.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 31, 64})
  void anyBatchGivesTheSameScores(int batch) {
    float[] expected = scores(16, CHANNELS);
    float[] actual = scores(batch, CHANNELS);
    for (int i = 0; i < PAIRS; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(1e-6f));
    }
  }

  @Test
  void twoRunsGiveTheSameBits() {
    assertThat(scores(16, CHANNELS)).isEqualTo(scores(16, CHANNELS));
  }

  @Test
  void sessionsOnTwoThreadsGiveWhatOneAloneGives() throws Exception {
    float[] expected = scores(16, CHANNELS);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    List<Callable<float[]>> calls = List.of(() -> scores(16, CHANNELS), () -> scores(16, CHANNELS));
    List<float[]> results = new ArrayList<>();
    for (Future<float[]> result : threads.invokeAll(calls)) {
      results.add(result.get());
    }
    threads.shutdown();
    assertThat(results).allSatisfy(scores -> assertThat(scores).isEqualTo(expected));
  }

  /** Pairs of channels that are not there fail on the workers. */
  @Test
  void aFailureOnAWorkerIsThrownAndLeavesNothing() {
    assertThatThrownBy(() -> scores(8, CHANNELS - 1))
        .isInstanceOf(ArrayIndexOutOfBoundsException.class);
    assertThat(scores(8, CHANNELS)).doesNotContain(Float.NaN);
  }

  private float[] scores(int batch, int channels) {
    try (Session session = backend.openSession();
        Executable net = session.compile(model, batch, Set.of());
        Arena arena = session.arena("scene")) {
      Shape x = graph.input();
      float[] masks = new float[3 * CHANNELS];
      for (int k = 0; k < CHANNELS; k++) {
        masks[3 * k + 1] = 1;
        masks[3 * k + 2] = 0.1f * k;
      }
      Pairs pairs =
          new Pairs(
              Noise.MASKED_INPUT,
              3,
              SAMPLES,
              ints(session, arena, "channels", channels),
              wave(session, arena, "maps", CHANNELS, 5, 7),
              floats(session, arena, "masks", masks, CHANNELS, 3),
              wave(session, arena, "image", x.dim(0), x.dim(1), x.dim(2)),
              ints(session, arena, "classes", 1),
              Score.PROBABILITY);
      Tensor scores = arena.floats("scores", 1, PAIRS);
      session.fill(scores, Float.NaN);
      session.scorePairs(net, pairs, scores, done -> {});
      float[] values = new float[PAIRS];
      session.download(scores, values);
      return values;
    }
  }

  private static Tensor wave(Session session, Arena arena, String name, int... dims) {
    float[] values = new float[Shape.of(dims).elementsAsInt()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(0.1 * i);
    }
    return floats(session, arena, name, values, dims);
  }

  private static Tensor floats(
      Session session, Arena arena, String name, float[] values, int... dims) {
    Tensor tensor = arena.floats(name, dims);
    session.upload(values, tensor);
    return tensor;
  }

  private static Tensor ints(Session session, Arena arena, String name, int count) {
    Tensor tensor = arena.allocate(name, DataType.I32, Shape.of(count));
    session.upload(IntStream.range(0, count).toArray(), tensor);
    return tensor;
  }
}
