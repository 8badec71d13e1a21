package io.sscam;

import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.CamOperations.Score;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Weights of channels from the scores of masked pictures: Score-CAM and SS-CAM. */
final class ScoreWeigher {
  private final Session session;
  private final Executable batched;
  private final Scoring scoring;
  private final String layer;
  private final ProgressListener progress;
  private final BooleanSupplier cancelled;
  private long passes;
  private long nanos;

  /**
   * A weigher for one picture.
   *
   * @param layer the target layer's name, for errors
   */
  ScoreWeigher(
      Session session,
      Executable batched,
      Scoring scoring,
      String layer,
      ProgressListener progress,
      BooleanSupplier cancelled) {
    this.session = session;
    this.batched = batched;
    this.scoring = scoring;
    this.layer = layer;
    this.progress = progress;
    this.cancelled = cancelled;
  }

  /** Masked pictures scored so far. */
  long passes() {
    return passes;
  }

  /** Time spent in scoring them. */
  long nanos() {
    return nanos;
  }

  /**
   * Weighs the channels.
   *
   * @param channelWeights w (Q)(K), or null for none
   * @param baseline what is subtracted from the scores of each class (Q)
   */
  Weighing weigh(
      Forward forward,
      int[] classes,
      float @Nullable [][] channelWeights,
      float[] baseline,
      long seed) {
    if (channelWeights == null && !scoring.secondPass()) {
      return weigh(forward, classes, null, baseline, seed, progress);
    }
    // Each class has masks of its own, so they share no forward pass.
    List<Weighing> each = new ArrayList<>();
    for (int q = 0; q < classes.length; q++) {
      long before = passes;
      int left = classes.length - q;
      ProgressListener part =
          (done, total) -> progress.onProgress(before + done, before + total * left);
      int[] one = {classes[q]};
      float[] own = {baseline[q]};
      float[] weights = channelWeights == null ? null : channelWeights[q];
      each.add(weigh(forward, one, weights, own, seed, part));
    }
    return Weighing.join(each);
  }

  private Weighing weigh(
      Forward forward,
      int[] classes,
      float @Nullable [] channelWeights,
      float[] baseline,
      long seed,
      ProgressListener listener) {
    try (Arena arena = session.arena("scoring")) {
      MaskPlan plan =
          MaskPlan.measure(
              session, arena, layer, forward.maps(), forward.image(), scoring, channelWeights);
      if (plan.live() == 0) {
        return Weighing.dead(plan.channels(), scoring.samples(), baseline);
      }
      long began = System.nanoTime();
      ScoreLoop loop =
          new ScoreLoop(session, batched, forward.image(), forward.maps(), listener, cancelled);
      Weighing weighing = score(arena, loop, plan, classes, baseline, seed);
      nanos += System.nanoTime() - began;
      return weighing;
    }
  }

  private Weighing score(
      Arena arena, ScoreLoop loop, MaskPlan plan, int[] classes, float[] baseline, long seed) {
    int[] scored = plan.scored();
    int samples = scoring.samples();
    long total = (long) scored.length * (samples + (scoring.secondPass() ? 1 : 0));
    Tensor scores =
        loop.run(
            arena,
            new ScoreLoop.Job(
                MaskPlan.operation(scoring.noise()),
                seed,
                samples,
                scoring.score(),
                scored,
                plan.perturbed(),
                classes,
                0,
                total));
    Tensor base = arena.floats("baseline", classes.length);
    session.upload(baseline, base);
    Tensor reduced = arena.floats("channel scores", classes.length, scored.length);
    if (scoring.secondPass()) {
      secondPass(arena, loop, plan, classes, seed, scores, base, reduced, total);
    } else {
      session.reduceScores(scores, samples, scoring.aggregate(), base, reduced);
    }
    float[] all = download(scores);
    NonFiniteException.check("the scores of the masked pictures", all);
    if (scoring.weights() == Scoring.Weights.SOFTMAX) {
      session.softmax(reduced, reduced);
    }
    passes += total;
    return new Weighing(
        spread(download(reduced), plan, classes.length, 1, 0),
        spread(all, plan, classes.length, samples, Float.NaN),
        baseline,
        Weighing.same(plan.live(), classes.length),
        Weighing.same(scored.length, classes.length));
  }

  /** S_k ← f^c(S_k · M_k ⊙ X), for one class. */
  private void secondPass(
      Arena arena,
      ScoreLoop loop,
      MaskPlan plan,
      int[] classes,
      long seed,
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
                plan.scored(),
                plan.maskTimes(first),
                classes,
                total - plan.scored().length,
                total));
    session.reduceScores(second, 1, scoring.aggregate(), base, reduced);
  }

  /**
   * The scores of the baseline's logits.
   *
   * @return (Q)
   */
  static float[] baseline(Scoring scoring, float[] logits, int[] classes) {
    float[] baseline = new float[classes.length];
    for (int q = 0; q < classes.length; q++) {
      baseline[q] =
          scoring.score() == Score.LOGIT
              ? logits[classes[q]]
              : (float) Softmax.probability(logits, classes[q]);
    }
    return baseline;
  }

  /** From (Q, L·n) over scored channels to (Q)(K·n) over all. */
  private static float[][] spread(
      float[] values, MaskPlan plan, int classes, int each, float rest) {
    int[] scored = plan.scored();
    float[][] all = new float[classes][plan.channels() * each];
    for (int q = 0; q < classes; q++) {
      Arrays.fill(all[q], rest);
      for (int l = 0; l < scored.length; l++) {
        System.arraycopy(values, (q * scored.length + l) * each, all[q], scored[l] * each, each);
      }
    }
    return all;
  }

  private float[] download(Tensor tensor) {
    float[] values = new float[tensor.shape().elementsAsInt()];
    session.download(tensor, values);
    return values;
  }
}
