package io.sscam.bench.measure;

import io.sscam.Classifier;
import io.sscam.Explainer;
import io.sscam.Explanation;
import io.sscam.bench.selftest.Finding;
import io.sscam.bench.selftest.SelfTest;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.reference.ReferenceBackend;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whole explanations: how long they take, what of it is forward passes, whether the loop over the
 * masks allocates, and whether the time grows in N as it should.
 */
final class SscamBench {
  private static final String NAME = "explanation";

  /** Of the picture that the reference explains too: on a smaller one all logits are zero. */
  static final int CHECKED_SIDE = 40;

  private final Backend backend;
  private final Precision precision;
  private final Effort effort;
  private final Timer timer;
  private final ExplainedPicture picture;

  SscamBench(Backend backend, Precision precision, Effort effort) {
    this.backend = backend;
    this.precision = precision;
    this.effort = effort;
    this.timer = new Timer(effort);
    this.picture = new ExplainedPicture(backend, precision, effort.explainedSide());
  }

  /**
   * Compares the scores of all masked pictures, which are logits, with the reference's on a small
   * picture; errors are relative to the logit of the picture itself.
   *
   * @throws WrongResultException if one is wrong
   */
  void verify() {
    Backend reference = new ReferenceBackend(Runtime.getRuntime().availableProcessors());
    Explanation expected = new ExplainedPicture(reference, Precision.FP32, CHECKED_SIDE).small();
    Explanation actual = new ExplainedPicture(backend, precision, CHECKED_SIDE).small();
    WrongResultException.check(
        "the scores of an explanation",
        Finding.error(scores(actual), scores(expected), Math.abs(expected.logit())),
        SelfTest.netBudget(precision));
  }

  /** The scores, 0 for a dead channel. */
  private static float[] scores(Explanation explanation) {
    float[] scores = explanation.scores().data();
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Float.isNaN(scores[i]) ? 0 : scores[i]; // the engine itself refuses other NaN
    }
    return scores;
  }

  void run(Recorder recorder) {
    try (Classifier classifier = picture.open();
        Explainer first = classifier.explainer().method(ExplainedPicture.method(1)).open();
        ChunkParts parts = parts(first.batch());
        ChunkParts smaller = parts(smaller(first.batch()))) {
      int batch = first.batch();
      parts.measure(timer, size() + ", batch " + batch, recorder);
      smaller.measure(timer, size() + ", batch " + smaller(batch), recorder);
      ExplainedPicture.explain(classifier, first); // warms up
      for (int repeat = 0; repeat < effort.explanations(); repeat++) {
        inTurn(classifier, batch, parts, recorder);
        explain(classifier, effort.samples().get(0), smaller(batch), smaller, recorder);
      }
    }
    recorder.add(
        Recorder.Row.of(Group.SSCAM, "peak memory", "of the process", Measurement.BYTES),
        (double) Environment.peakMemory());
  }

  private static int smaller(int batch) {
    return Math.max(1, batch / 4);
  }

  private ChunkParts parts(int batch) {
    return new ChunkParts(backend, precision, effort.explainedSide(), batch);
  }

  /** Every N once; the last is predicted by a line through the others. */
  private void inTurn(Classifier classifier, int batch, ChunkParts parts, Recorder recorder) {
    List<Integer> samples = effort.samples();
    int known = samples.size() - 1;
    double[] n = new double[known];
    double[] seconds = new double[known];
    for (int i = 0; i <= known; i++) {
      double time = explain(classifier, samples.get(i), batch, parts, recorder);
      if (i < known) {
        n[i] = samples.get(i);
        seconds[i] = time;
      }
    }
    int last = samples.get(known);
    recorder.add(
        Recorder.Row.timed(Group.SSCAM, predicted(), params(last, batch), 0, 0, 0),
        Line.through(n, seconds).at(last));
  }

  private static String predicted() {
    return NAME + ", predicted";
  }

  private String size() {
    return effort.explainedSide() + "×" + effort.explainedSide();
  }

  private String params(int samples, int batch) {
    return size() + ", N = " + samples + ", batch " + batch;
  }

  private double explain(
      Classifier classifier, int samples, int batch, ChunkParts parts, Recorder recorder) {
    AtomicLong least = new AtomicLong(Long.MAX_VALUE);
    AtomicLong most = new AtomicLong();
    try (Explainer explainer =
        classifier
            .explainer()
            .method(ExplainedPicture.method(samples))
            .batch(batch)
            .progress(
                (done, total) -> {
                  least.accumulateAndGet(backend.liveBytes(), Math::min);
                  most.accumulateAndGet(backend.liveBytes(), Math::max);
                })
            .open()) {
      long before = backend.liveBytes();
      Explanation explanation = ExplainedPicture.explain(classifier, explainer);
      long left = backend.liveBytes() - before;
      if (left != 0 || most.get() != least.get()) {
        throw new WrongResultException(
            "an explanation allocated %d bytes in its loop and left %d bytes of device memory"
                .formatted(most.get() - least.get(), left));
      }
      record(explanation, params(samples, batch), parts, recorder);
      return explanation.timings().totalSeconds();
    }
  }

  /** The parts are timed right after the whole, so that both meet the same machine. */
  private void record(Explanation explanation, String params, ChunkParts parts, Recorder recorder) {
    double seconds = explanation.timings().totalSeconds();
    long passes = explanation.timings().forwardPasses();
    int chunks = (int) Math.max(1, passes / explanation.batch() / 2);
    double forward = 100 * parts.forward(chunks) * passes / seconds;
    double masks = 100 * parts.masks(chunks) * passes / seconds;
    double flops = GraphCost.of(ChunkParts.demo(effort.explainedSide())).flops();
    recorder.add(Recorder.Row.timed(Group.SSCAM, NAME, params, 0, passes * flops, passes), seconds);
    recorder.add(share("  forward passes alone", params), forward);
    recorder.add(share("  masks and noise alone", params), masks);
    recorder.add(share("  the rest", params), 100 - forward - masks);
  }

  private static Recorder.Row share(String part, String params) {
    return Recorder.Row.of(Group.SSCAM, part, params, Measurement.PERCENT);
  }

  /** Whether the time of the last N agrees with its prediction, in words. */
  static String verdict(List<Measurement> rows) {
    Measurement prediction =
        rows.stream().filter(row -> row.name().equals(predicted())).findFirst().orElseThrow();
    Measurement measured =
        rows.stream()
            .filter(row -> row.name().equals(NAME) && row.params().equals(prediction.params()))
            .findFirst()
            .orElseThrow();
    return "the time of an explanation "
        + (measured.differsFrom(prediction) ? "is NOT linear in N" : "is linear in N")
        + ": %s was predicted as %s, and took %s"
            .formatted(measured.params(), range(prediction), range(measured));
  }

  private static String range(Measurement row) {
    return "%s to %s s".formatted(BenchReport.number(row.low()), BenchReport.number(row.high()));
  }
}
