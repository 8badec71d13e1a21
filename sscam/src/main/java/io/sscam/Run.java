package io.sscam;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.CamOperations.Score;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** One picture's way from the input tensor to the finished maps. */
final class Run {
  private final Classifier classifier;
  private final ExplainerOptions options;
  private final Session session;
  private final Executable single;
  private final Executable batched;
  private final BooleanSupplier cancelled;
  private final long start = System.nanoTime();
  private long scoringNanos;
  private long forwardPasses;
  private long scored;
  private ProgressListener progress;

  Run(
      Classifier classifier,
      ExplainerOptions options,
      Session session,
      Executable single,
      Executable batched,
      BooleanSupplier cancelled) {
    this.classifier = classifier;
    this.options = options;
    this.session = session;
    this.single = single;
    this.batched = batched;
    this.cancelled = cancelled;
    this.progress = options.progress();
  }

  /** What the net says of the picture itself. */
  private record Forward(float[] logits, Tensor image, Tensor maps) {}

  /** The weights of the channels for some classes, and how they came about. */
  private record Weighing(float[][] alpha, float[][] scores, float[] baseline, int live) {}

  List<Explanation> explain(HostTensor input, List<Target> targets, long seed) {
    try (Arena arena = session.arena("explanation")) {
      Forward forward = forward(arena, input);
      int[] classes =
          targets.stream().mapToInt(t -> classifier.resolve(t, forward.logits)).toArray();
      Weighing weighing = weigh(forward, classes, seed);
      return finish(arena, forward, classes, weighing, seed);
    }
  }

  private Forward forward(Arena arena, HostTensor input) {
    Shape expected = classifier.inputShape();
    if (!input.shape().equals(expected.withBatch(1)) && !input.shape().equals(expected)) {
      throw new IllegalArgumentException(
          "the net's input is 1×" + expected + ", not " + input.shape());
    }
    NonFiniteException.check("the input", input.data());
    Tensor image = arena.floats("image", expected.toArray());
    session.upload(input.data(), image);
    float[] logits = run(image);
    Tensor kept = single.kept(options.layer());
    int[] chw = Arrays.copyOfRange(kept.shape().toArray(), 1, 4);
    Tensor maps = arena.floats("activations of " + options.layer(), chw);
    session.copy(kept, maps, maps.shape().elementsAsInt());
    if (!NonFiniteException.finite(logits)) { // trouble in the layer shows in the logits too
      NonFiniteException.check("layer " + options.layer(), download(maps));
      NonFiniteException.check("the logits", logits);
    }
    return new Forward(logits, image, maps);
  }

  /** The logits of one picture. */
  private float[] run(Tensor image) {
    session.copy(image, single.input(), image.shape().elementsAsInt());
    single.run(1);
    forwardPasses++;
    float[] logits = new float[single.logits().shape().dim(1)];
    session.download(single.logits(), logits);
    return logits;
  }

  private Weighing weigh(Forward forward, int[] classes, long seed) {
    if (options.method() instanceof Method.Cam) {
      return cam(forward, classes);
    }
    Scoring scoring = scoring();
    boolean shared = !scoring.secondPass() && scoring.channelWeight() == Scoring.ChannelWeight.NONE;
    if (shared) {
      return score(forward, scoring, classes, seed);
    }
    List<Weighing> each = new ArrayList<>();
    for (int q = 0; q < classes.length; q++) {
      long before = scored;
      int left = classes.length - q;
      progress =
          (done, total) -> options.progress().onProgress(before + done, before + total * left);
      each.add(score(forward, scoring, new int[] {classes[q]}, seed));
    }
    float[] baselines = new float[classes.length];
    for (int q = 0; q < classes.length; q++) {
      baselines[q] = each.get(q).baseline[0];
    }
    return new Weighing(
        each.stream().map(w -> w.alpha[0]).toArray(float[][]::new),
        each.stream().map(w -> w.scores[0]).toArray(float[][]::new),
        baselines,
        each.isEmpty() ? 0 : each.get(0).live);
  }

  private Scoring scoring() {
    return options.method() instanceof Method.SsCam ssCam
        ? ssCam.scoring()
        : ((Method.ScoreCam) options.method()).scoring();
  }

  /** CAM's α is the class's row of the head; a channel counts as live as in the other methods. */
  private Weighing cam(Forward forward, int[] classes) {
    int channels = forward.maps.shape().dim(0);
    float[] ranges = new float[2 * channels];
    try (Arena arena = session.arena("ranges")) {
      Tensor range = arena.floats("ranges", channels, 2);
      session.minMax(forward.maps, range);
      session.download(range, ranges);
    }
    NonFiniteException.check("layer " + options.layer(), ranges);
    long live = IntStream.range(0, channels).filter(k -> ranges[2 * k + 1] > ranges[2 * k]).count();
    float[][] alpha = new float[classes.length][];
    for (int q = 0; q < classes.length; q++) {
      alpha[q] = classifier.headRow(classes[q], channels, options.layer());
    }
    return new Weighing(alpha, new float[classes.length][0], new float[classes.length], (int) live);
  }

  private Weighing score(Forward forward, Scoring scoring, int[] classes, long seed) {
    int channels = forward.maps.shape().dim(0);
    float[] channelWeights =
        scoring.channelWeight() == Scoring.ChannelWeight.FC
            ? classifier.channelWeights(classes[0], download(forward.maps), options.layer())
            : null;
    try (Arena arena = session.arena("scoring")) {
      MaskPlan plan =
          MaskPlan.measure(
              session,
              arena,
              options.layer(),
              forward.maps,
              forward.image,
              scoring,
              channelWeights);
      float[] baseline = baseline(arena, forward, scoring, classes);
      if (plan.live().length == 0) {
        return dead(channels, scoring, classes.length, baseline);
      }
      return score(arena, forward, scoring, classes, seed, plan, baseline);
    }
  }

  private static Weighing dead(int channels, Scoring scoring, int classes, float[] baseline) {
    float[] none = new float[channels * scoring.samples()];
    Arrays.fill(none, Float.NaN);
    float[][] scores = new float[classes][];
    Arrays.fill(scores, none);
    return new Weighing(new float[classes][channels], scores, baseline, 0);
  }

  private Weighing score(
      Arena arena,
      Forward forward,
      Scoring scoring,
      int[] classes,
      long seed,
      MaskPlan plan,
      float[] baseline) {
    long began = System.nanoTime();
    int[] live = plan.live();
    ScoreLoop loop =
        new ScoreLoop(session, batched, forward.image, forward.maps, progress, cancelled);
    long passes = (long) live.length * scoring.samples();
    long total = passes + (scoring.secondPass() ? live.length : 0);
    Tensor scores =
        loop.run(
            arena,
            new ScoreLoop.Job(
                MaskPlan.operation(scoring.noise()),
                seed,
                scoring.samples(),
                scoring.score(),
                live,
                plan.perturbed(),
                classes,
                0,
                total));
    Tensor base = arena.floats("baseline", classes.length);
    session.upload(baseline, base);
    Tensor reduced = arena.floats("channel scores", classes.length, live.length);
    if (scoring.secondPass()) {
      secondPass(arena, loop, scoring, classes, seed, plan, scores, base, reduced, total);
    } else {
      session.reduceScores(scores, scoring.samples(), scoring.aggregate(), base, reduced);
    }
    float[] all = download(scores);
    NonFiniteException.check("the scores of the masked pictures", all);
    if (scoring.weights() == Scoring.Weights.SOFTMAX) {
      session.softmax(reduced, reduced);
    }
    float[] alpha = download(reduced);
    forwardPasses += total;
    scored += total;
    scoringNanos += System.nanoTime() - began;
    int channels = plan.channels();
    return new Weighing(
        spread(alpha, live, channels, classes.length, 1, 0),
        spread(all, live, channels, classes.length, scoring.samples(), Float.NaN),
        baseline,
        live.length);
  }

  /** S_k ← f^c(S_k · M_k ⊙ X), for one class. */
  private void secondPass(
      Arena arena,
      ScoreLoop loop,
      Scoring scoring,
      int[] classes,
      long seed,
      MaskPlan plan,
      Tensor scores,
      Tensor base,
      Tensor reduced,
      long total) {
    Tensor zero = arena.floats("no baseline", classes.length);
    session.fill(zero, 0);
    session.reduceScores(scores, scoring.samples(), scoring.aggregate(), zero, reduced);
    float[] first = download(reduced);
    NonFiniteException.check("the scores of the masked pictures", first);
    Tensor second =
        loop.run(
            arena,
            new ScoreLoop.Job(
                MaskPlan.operation(Scoring.Noise.NONE),
                seed,
                1,
                scoring.score(),
                plan.live(),
                plan.maskTimes(first),
                classes,
                total - plan.live().length,
                total));
    session.reduceScores(second, 1, scoring.aggregate(), base, reduced);
  }

  private float[] baseline(Arena arena, Forward forward, Scoring scoring, int[] classes) {
    float[] baseline = new float[classes.length];
    if (scoring.baseline() == Scoring.Baseline.NONE) {
      return baseline;
    }
    float[] logits = forward.logits;
    if (scoring.baseline() == Scoring.Baseline.ZERO) {
      Tensor zero = arena.floats("zero picture", forward.image.shape().toArray());
      session.fill(zero, 0);
      logits = run(zero);
      NonFiniteException.check("the logits of the baseline", logits);
    }
    for (int q = 0; q < classes.length; q++) {
      baseline[q] =
          scoring.score() == Score.LOGIT
              ? logits[classes[q]]
              : (float) Softmax.probability(logits, classes[q]);
    }
    return baseline;
  }

  /** From (Q, L·n) over live channels to (Q)(K·n) over all. */
  private static float[][] spread(
      float[] values, int[] live, int channels, int classes, int each, float dead) {
    float[][] all = new float[classes][channels * each];
    for (int q = 0; q < classes; q++) {
      Arrays.fill(all[q], dead);
      for (int l = 0; l < live.length; l++) {
        System.arraycopy(values, (q * live.length + l) * each, all[q], live[l] * each, each);
      }
    }
    return all;
  }

  private List<Explanation> finish(
      Arena arena, Forward forward, int[] classes, Weighing weighing, long seed) {
    Maps maps = Maps.combine(session, arena, weighing.alpha, forward.maps, forward.image.shape());
    Explanation.Timings timings =
        new Explanation.Timings(
            forwardPasses, scoringNanos / 1e9, (System.nanoTime() - start) / 1e9);
    List<Explanation> explanations = new ArrayList<>();
    for (int q = 0; q < classes.length; q++) {
      int channels = forward.maps.shape().dim(0);
      float[] scores = weighing.scores[q];
      explanations.add(
          new Explanation(
              classifier.network().id(),
              options.layer(),
              options.method(),
              seed,
              classifier.backend().device(),
              classifier.model().precision(),
              batched.batch(),
              classes[q],
              classifier.className(classes[q]),
              forward.logits[classes[q]],
              Softmax.probability(forward.logits, classes[q]),
              weighing.baseline[q],
              channels,
              weighing.live,
              Explanation.effectiveChannels(weighing.alpha[q]),
              maps.map(q),
              maps.heatmap(q),
              new HostTensor(Shape.of(channels), weighing.alpha[q]),
              new HostTensor(Shape.of(channels, scores.length / channels), scores),
              timings));
    }
    return explanations;
  }

  private float[] download(Tensor tensor) {
    float[] values = new float[tensor.shape().elementsAsInt()];
    session.download(tensor, values);
    return values;
  }
}
