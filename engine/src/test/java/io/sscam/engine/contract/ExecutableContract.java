package io.sscam.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.CamOperations;
import io.sscam.engine.backend.CamOperations.Chunk;
import io.sscam.engine.backend.CamOperations.Pairs;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.StepTime;
import io.sscam.engine.backend.Tensor;
import io.sscam.engine.graph.Graph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole nets: batches, kept values, repetition and threads. */
abstract class ExecutableContract extends Bench {
  private static final int PICTURES = 32;
  private static final int PAIRS = 25;

  private final Graph graph = NetCases.everything(33, 47);
  private final Weights weights = Weights.of(graph);
  private final int each = graph.input().elementsAsInt();
  private final float[] pictures = Values.mixed(PICTURES, each);

  ExecutableContract(BackendContract contract) {
    super(contract);
  }

  static Set<String> labels() {
    return NetCases.everything(33, 47).labels().keySet();
  }

  @Test
  void shapesAreThoseOfTheGraph() {
    try (Backend.Model model = load();
        Executable net = session.compile(model, 3, labels())) {
      assertThat(model.graph()).isEqualTo(graph);
      assertThat(model.precision()).isEqualTo(Precision.FP32);
      assertThat(net.batch()).isEqualTo(3);
      assertThat(net.input().shape()).isEqualTo(graph.input().withBatch(3));
      assertThat(net.logits().shape()).isEqualTo(Shape.of(3, NetCases.CLASSES));
      for (String label : labels()) {
        assertThat(net.kept(label).shape()).isEqualTo(graph.shape(label).withBatch(3));
      }
    }
  }

  @Test
  void profileTimesEveryLayerWithWeights() {
    try (Backend.Model model = load();
        Executable net = session.compile(model, 3, Set.of())) {
      session.upload(Arrays.copyOf(pictures, 3 * each), net.input());
      net.run(3);
      float[] logits = download(net.logits());
      List<StepTime> times = net.profile();
      assertThat(times)
          .allSatisfy(time -> assertThat(time.seconds()).isNotNegative().isLessThan(60))
          .allSatisfy(time -> assertThat(time.pictures()).isBetween(1, 3));
      assertThat(times)
          .extracting(StepTime::layer)
          .contains("stem", "block.a", "block.b", "wide.b", "squeeze", "e1", "e3", "fc1", "fc2");
      assertThat(times.stream().mapToDouble(StepTime::seconds).sum()).isPositive();
      Near.bits("logits after a profile", download(net.logits()), logits);
    }
  }

  /** Neither the batch nor a channel's samples divide the number of pairs. */
  @ParameterizedTest
  @EnumSource(CamOperations.Noise.class)
  void pairsHaveTheScoresOfTheirPictures(CamOperations.Noise noise) {
    try (Backend.Model model = load();
        Executable all = session.compile(model, PAIRS, Set.of());
        Arena arena = session.arena("scene")) {
      Pairs pairs = pairs(arena, noise);
      Chunk chunk = new Chunk(0, PAIRS, pairs.samples());
      session.perturbAndMask(
          noise,
          7,
          chunk,
          pairs.channels(),
          pairs.maps(),
          pairs.affine(),
          pairs.image(),
          all.input());
      all.run(PAIRS);
      Tensor expected = arena.floats("expected", 2, PAIRS);
      session.gatherScore(all.logits(), PAIRS, pairs.classes(), pairs.score(), 0, expected);

      for (int batch : new int[] {1, 2, 3, 7, 20, 40}) {
        try (Executable net = session.compile(model, batch, Set.of())) {
          Tensor scores = arena.floats("scores of " + batch, 2, PAIRS);
          session.fill(scores, Float.NaN);
          List<Integer> done = new ArrayList<>();
          session.scorePairs(net, pairs, scores, done::add);
          near("scores by " + batch, download(scores), download(expected));
          assertThat(done).isSorted().startsWith(0).endsWith(PAIRS).doesNotHaveDuplicates();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void scoringStopsWhenItIsToldTo(int batch) {
    try (Backend.Model model = load();
        Executable net = session.compile(model, batch, Set.of());
        Arena arena = session.arena("scene")) {
      Pairs pairs = pairs(arena, CamOperations.Noise.MASKED_INPUT);
      Tensor scores = arena.floats("scores", 2, PAIRS);
      List<Integer> done = new ArrayList<>();
      IntConsumer stop =
          pair -> {
            done.add(pair);
            if (pair > 0) {
              throw new CancellationException("enough");
            }
          };
      assertThatThrownBy(() -> session.scorePairs(net, pairs, scores, stop))
          .isInstanceOf(CancellationException.class)
          .hasMessage("enough");
      assertThat(done).hasSize(2);

      session.scorePairs(net, pairs, scores, done::add);
      assertThat(done).endsWith(PAIRS);
    }
  }

  private Pairs pairs(Arena arena, CamOperations.Noise noise) {
    Shape x = graph.input();
    float[] masks = {0, 1, 0.5f, -1, 0.5f, 1, 0.25f, 2, 0.125f}; // shift, scale, τ
    return new Pairs(
        noise,
        7,
        9,
        ints(arena, "channels", 2, 0, 1),
        floats(arena, "maps", Values.mixed(3, 5, 7), 3, 5, 7),
        floats(arena, "masks", masks, 3, 3),
        floats(arena, "image", part(0, 1), x.dim(0), x.dim(1), x.dim(2)),
        ints(arena, "classes", 4, 1),
        CamOperations.Score.LOGIT);
  }

  /**
   * A kept value must survive the layers after it, its use as a residual or in a concat included.
   */
  @Test
  void allLabelsKeptAtOnce() {
    try (Backend.Model model = load();
        Executable net = session.compile(model, 2, labels())) {
      session.upload(part(0, 2), net.input());
      net.run(2);
      for (int n = 0; n < 2; n++) {
        List<double[]> expected = naive(n);
        for (String label : labels()) {
          compare(label, download(net.kept(label)), n, expected.get(graph.value(label)));
        }
        compare("logits", download(net.logits()), n, expected.get(expected.size() - 1));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("labels")
  void oneLabelKept(String label) {
    try (Backend.Model model = load();
        Executable net = session.compile(model, 2, Set.of(label));
        Executable bare = session.compile(model, 2, Set.of())) {
      session.upload(part(0, 2), net.input());
      session.upload(part(0, 2), bare.input());
      net.run(2);
      bare.run(2);
      compare(label, download(net.kept(label)), 1, naive(1).get(graph.value(label)));
      near("logits", download(net.logits()), download(bare.logits()));
    }
  }

  @Test
  void labelsOfOneValueGiveTheSame() {
    try (Backend.Model model = load();
        Executable net = session.compile(model, 1, Set.of("pool", "residual"))) {
      session.upload(part(0, 1), net.input());
      net.run(1);
      Near.bits("residual", download(net.kept("residual")), download(net.kept("pool")));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 6, 7})
  void fewerPicturesThanTheBatch(int count) {
    try (Backend.Model model = load();
        Executable net = session.compile(model, 7, Set.of("fire"))) {
      session.fill(net.input(), Float.NaN); // what is not asked for must not matter
      session.upload(part(0, count), net.input());
      net.run(count);
      int row = graph.shape("fire").elementsAsInt();
      for (int n = 0; n < count; n++) {
        List<double[]> expected = naive(n);
        compare(
            "fire", download(net.kept("fire"), count * row), n, expected.get(graph.value("fire")));
        compare("logits", download(net.logits()), n, expected.get(expected.size() - 1));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7})
  void batchesDoNotMatter(int batch) {
    try (Backend.Model model = load()) {
      near("batch " + batch, logits(session, model, batch), logits(session, model, PICTURES));
    }
  }

  @Test
  void threadsDoNotMatter() {
    float[] two;
    try (Backend.Model model = load()) {
      two = logits(session, model, 7);
    }
    try (Backend single = contract.open(1);
        Session alone = single.openSession();
        Backend.Model model = single.load(graph, weights, Precision.FP32)) {
      near("one thread", logits(alone, model, 7), two);
    }
  }

  /** Nothing of a run may be left to the next, whatever ran in between. */
  @Test
  void runningAgainGivesTheSameBits() {
    try (Backend.Model model = load();
        Executable net = session.compile(model, 4, labels())) {
      List<float[]> first = run(net, labels(), 0, 4);
      session.fill(net.input(), Float.NaN);
      net.run(4);
      run(net, labels(), 9, 2);
      List<float[]> again = run(net, labels(), 0, 4);
      for (int v = 0; v < first.size(); v++) {
        Near.bits("value " + v, again.get(v), first.get(v));
      }
    }
  }

  @Test
  void inputIsStillThereAfterARun() {
    try (Backend.Model model = load();
        Executable net = session.compile(model, 2, Set.of())) {
      session.upload(part(0, 2), net.input());
      net.run(2);
      Near.bits("input", download(net.input()), part(0, 2));
      float[] once = download(net.logits());
      net.run(2);
      Near.bits("second run", download(net.logits()), once);
    }
  }

  @Test
  void executablesOfOneModelDoNotDisturbEachOther() {
    try (Backend.Model model = load();
        Executable one = session.compile(model, 2, Set.of("wide"));
        Executable other = session.compile(model, 3, Set.of("stem"))) {
      session.upload(part(0, 2), one.input());
      session.upload(part(5, 3), other.input());
      one.run(2);
      other.run(3);
      compare("wide", download(one.kept("wide")), 1, naive(1).get(graph.value("wide")));
      compare("stem", download(other.kept("stem")), 2, naive(7).get(graph.value("stem")));
    }
  }

  @Test
  void threadsShareAModel() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try (Backend.Model model = load()) {
      float[] alone = logits(session, model, 7);
      Callable<float[]> job =
          () -> {
            try (Session own = backend.openSession()) {
              return logits(own, model, 7);
            }
          };
      for (Future<float[]> result : pool.invokeAll(List.of(job, job, job, job))) {
        near("in another thread", result.get(), alone);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void memoryIsCountedAndStandsStill() {
    try (Backend.Model model = load()) {
      try (Executable net = session.compile(model, 7, Set.of("fire"))) {
        run(net, Set.of("fire"), 0, 7);
        long after = backend.liveBytes();
        assertThat(after).isGreaterThanOrEqualTo(net.input().shape().elements() * Float.BYTES);
        run(net, Set.of("fire"), 7, 7);
        assertThat(backend.liveBytes()).isEqualTo(after);
      }
    }
  }

  private Backend.Model load() {
    return backend.load(graph, weights, Precision.FP32);
  }

  private float[] part(int first, int count) {
    return Arrays.copyOfRange(pictures, first * each, (first + count) * each);
  }

  private List<double[]> naive(int n) {
    return NaiveNet.run(graph, weights, Formulas.doubles(part(n, 1)));
  }

  /** All kept values and the logits. */
  private List<float[]> run(Executable net, Set<String> keep, int first, int count) {
    session.upload(part(first, count), net.input());
    net.run(count);
    List<float[]> results = new ArrayList<>();
    for (String label : keep) {
      results.add(download(net.kept(label)));
    }
    results.add(download(net.logits()));
    return results;
  }

  /** The logits of all pictures. */
  private float[] logits(Session on, Backend.Model model, int batch) {
    float[] all = new float[PICTURES * NetCases.CLASSES];
    try (Executable net = on.compile(model, batch, Set.of())) {
      for (int first = 0; first < PICTURES; first += batch) {
        int count = Math.min(batch, PICTURES - first);
        on.upload(part(first, count), net.input());
        net.run(count);
        float[] rows = new float[count * NetCases.CLASSES];
        on.download(net.logits(), rows);
        System.arraycopy(rows, 0, all, first * NetCases.CLASSES, rows.length);
      }
    }
    return all;
  }

  /** Another batch may take its sums in another order, so rounding follows the largest logit. */
  private static void near(String what, float[] actual, float[] expected) {
    Near.peak(what, actual, Formulas.doubles(expected));
  }

  private static void compare(String what, float[] all, int n, double[] expected) {
    int length = expected.length;
    double peak = Arrays.stream(expected).map(Math::abs).max().orElse(0);
    float[] one = Arrays.copyOfRange(all, n * length, (n + 1) * length);
    Near.peak(what + ", picture " + n, one, expected, Math.max(1, peak));
  }
}
