package io.sscam;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.CamOperations;
import io.sscam.engine.backend.CamOperations.Pairs;
import io.sscam.engine.backend.DataType;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.Tensor;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * The loop over N samples × L scored channels: masked pictures are made in the net's input, scored
 * and gathered, some at a time; nothing leaves the device.
 */
final class ScoreLoop {
  private final Session session;
  private final Executable net;
  private final Tensor image;
  private final Tensor maps;
  private final ProgressListener progress;
  private final BooleanSupplier cancelled;

  /**
   * What is scored.
   *
   * @param samples N
   * @param channels that are scored (L)
   * @param affine shift, scale, τ (K, 3)
   * @param classes the classes scored at once (Q)
   * @param done and total forward passes, for the listener
   */
  record Job(
      CamOperations.Noise noise,
      long seed,
      int samples,
      CamOperations.Score score,
      int[] channels,
      float[] affine,
      int[] classes,
      long done,
      long total) {}

  ScoreLoop(
      Session session,
      Executable net,
      Tensor image,
      Tensor maps,
      ProgressListener progress,
      BooleanSupplier cancelled) {
    this.session = session;
    this.net = net;
    this.image = image;
    this.maps = maps;
    this.progress = progress;
    this.cancelled = cancelled;
  }

  /**
   * Scores all pairs.
   *
   * @return scores (Q, L·N), in {@code arena}
   * @throws CancellationException when asked to stop
   */
  Tensor run(Arena arena, Job job) {
    int columns = Math.multiplyExact(job.channels.length, job.samples);
    Tensor scores = arena.floats("scores", job.classes.length, columns);
    Tensor channels = ints(arena, "scored channels", job.channels);
    Tensor classes = ints(arena, "classes", job.classes);
    Tensor affine = arena.floats("masks", job.affine.length / 3, 3);
    session.upload(job.affine, affine);
    session.scorePairs(
        net,
        new Pairs(
            job.noise, job.seed, job.samples, channels, maps, affine, image, classes, job.score),
        scores,
        done -> step(job, done, columns));
    return scores;
  }

  private void step(Job job, int done, int pairs) {
    if (done > 0) {
      progress.onProgress(job.done + done, job.total);
    }
    if (done < pairs && cancelled.getAsBoolean()) {
      throw new CancellationException("the explanation was cancelled");
    }
  }

  Tensor ints(Arena arena, String name, int[] values) {
    Tensor tensor = arena.allocate(name, DataType.I32, Shape.of(values.length));
    session.upload(values, tensor);
    return tensor;
  }
}
