package io.sscam.bench.measure;

import io.sscam.Classifier;
import io.sscam.Explainer;
import io.sscam.Explanation;
import io.sscam.bench.selftest.Finding;
import io.sscam.bench.selftest.SelfTest;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.reference.ReferenceBackend;
import io.sscam.nets.Network;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whole explanations: how long they take, what of it is forward passes, whether the loop over the
 * masks allocates, and whether the time grows in N and K, and the memory not.
 */
final class SscamBench {
  static final String NAME = "explanation";

  /** Of SqueezeNet, with 128, 256, 512 and 384 channels; the last is predicted from the others. */
  private static final List<String> LAYERS =
      List.of("features.4", "features.7", "features.12", "features.9");

  /** Times as long as an operation's warm-up. */
  private static final double WARM_UP = 10;

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
      warmUp(classifier, first);
      for (int repeat = 0; repeat < effort.explanations(); repeat++) {
        inN(classifier, batch, parts, recorder);
        explain(classifier, effort.samples().get(0), smaller(batch), smaller, recorder);
        inK(classifier, batch, recorder);
      }
    }
    recorder.add(
        Recorder.Row.of(Group.SSCAM, "peak memory", "of the process", Measurement.BYTES),
        (double) Environment.peakMemory());
  }

  /** An explanation runs through far more code than one operation does, and most of it seldom. */
  private void warmUp(Classifier classifier, Explainer explainer) {
    long end = System.nanoTime() + (long) (WARM_UP * effort.warmUp() * 1e9);
    do {
      ExplainedPicture.explain(classifier, explainer);
    } while (System.nanoTime() - end < 0);
  }

  private static int smaller(int batch) {
    return Math.max(1, batch / 4);
  }

  private ChunkParts parts(int batch) {
    return new ChunkParts(backend, precision, effort.explainedSide(), batch);
  }

  /** Every N once; the last is predicted. */
  private void inN(Classifier classifier, int batch, ChunkParts parts, Recorder recorder) {
    Growth growth = new Growth("N");
    List<Integer> samples = effort.samples();
    for (int n : samples.subList(0, samples.size() - 1)) {
      growth.add(n, explain(classifier, n, batch, parts, recorder));
    }
    int last = samples.get(samples.size() - 1);
    explain(classifier, last, batch, parts, recorder);
    growth.predict(last, params("N", last, batch), recorder);
  }

  /** Every layer once; what grows is its live channels, which are what is scored. */
  private void inK(Classifier classifier, int batch, Recorder recorder) {
    Growth growth = new Growth("K");
    for (String layer : LAYERS) {
      int channels = ChunkParts.demo(effort.explainedSide()).shape(layer).dim(0);
      String params = params("K", channels, batch);
      Explanation explanation = explain(classifier, layer, 1, batch, params, recorder);
      if (layer.equals(LAYERS.get(LAYERS.size() - 1))) {
        growth.predict(explanation.liveChannels(), params, recorder);
      } else {
        growth.add(explanation.liveChannels(), explanation.timings().totalSeconds());
      }
    }
  }

  private String size() {
    return effort.explainedSide() + "×" + effort.explainedSide();
  }

  private String params(String what, int value, int batch) {
    return size() + ", " + what + " = " + value + ", batch " + batch;
  }

  private double explain(
      Classifier classifier, int samples, int batch, ChunkParts parts, Recorder recorder) {
    String layer = Network.named("squeezenet1_0").defaultLayer();
    String params = params("N", samples, batch);
    Explanation explanation = explain(classifier, layer, samples, batch, params, recorder);
    shares(explanation, params, parts, recorder);
    return explanation.timings().totalSeconds();
  }

  /** Times an explanation, and watches the device's memory while it runs. */
  private Explanation explain(
      Classifier classifier,
      String layer,
      int samples,
      int batch,
      String params,
      Recorder recorder) {
    AtomicLong least = new AtomicLong(Long.MAX_VALUE);
    AtomicLong most = new AtomicLong();
    long before = backend.liveBytes();
    Explanation explanation;
    try (Explainer explainer =
        classifier
            .explainer()
            .method(ExplainedPicture.method(samples))
            .layer(layer)
            .batch(batch)
            .progress(
                (done, total) -> {
                  least.accumulateAndGet(backend.liveBytes(), Math::min);
                  most.accumulateAndGet(backend.liveBytes(), Math::max);
                })
            .open()) {
      explanation = ExplainedPicture.explain(classifier, explainer);
    }
    long left = backend.liveBytes() - before;
    if (left != 0 || most.get() != least.get()) {
      throw new WrongResultException(
          "an explanation allocated %d bytes in its loop and left %d bytes of device memory"
              .formatted(most.get() - least.get(), left));
    }
    long passes = explanation.timings().forwardPasses();
    double flops = GraphCost.of(ChunkParts.demo(effort.explainedSide())).flops();
    recorder.add(
        Recorder.Row.timed(Group.SSCAM, NAME, params, 0, passes * flops, passes),
        explanation.timings().totalSeconds());
    recorder.add(
        Recorder.Row.of(Group.SSCAM, "  device memory", params, Measurement.BYTES),
        (double) (most.get() - before));
    return explanation;
  }

  /** The parts are timed right after the whole, so that both meet the same machine. */
  private void shares(Explanation explanation, String params, ChunkParts parts, Recorder recorder) {
    double seconds = explanation.timings().totalSeconds();
    long passes = explanation.timings().forwardPasses();
    int chunks = (int) Math.max(1, passes / explanation.batch() / 2);
    double forward = 100 * parts.forward(chunks) * passes / seconds;
    double masks = 100 * parts.masks(chunks) * passes / seconds;
    recorder.add(share("  forward passes alone", params), forward);
    recorder.add(share("  masks and noise alone", params), masks);
    recorder.add(share("  the rest", params), 100 - forward - masks);
  }

  private static Recorder.Row share(String part, String params) {
    return Recorder.Row.of(Group.SSCAM, part, params, Measurement.PERCENT);
  }
}
