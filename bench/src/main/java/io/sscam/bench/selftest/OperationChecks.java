package io.sscam.bench.selftest;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.CamOperations.Aggregate;
import io.sscam.engine.backend.CamOperations.Chunk;
import io.sscam.engine.backend.CamOperations.Noise;
import io.sscam.engine.backend.CamOperations.Score;
import io.sscam.engine.backend.DataType;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.Tensor;
import java.util.List;
import java.util.Random;

/**
 * Every operation of the contract on random tensors of awkward sizes. A check computes the same on
 * any session; the results of two devices are then compared.
 */
final class OperationChecks {
  /** Rounding of one float32 operation chain; the contract tests use the same. */
  private static final double FLOAT = 1e-5;

  /** SPEC.md's budget of a normal on a GPU, relative to max(1, |z|). */
  private static final double NORMAL = 1e-6;

  private static final long SEED = 20260101;

  private OperationChecks() {}

  /** Maps K×h×w and the picture's size C×H×W. */
  private record Size(int k, int h, int w, int c, int height, int width) {
    int[] maps() {
      return new int[] {k, h, w};
    }

    int[] image() {
      return new int[] {c, height, width};
    }
  }

  private static final List<Size> SIZES =
      List.of(
          new Size(3, 7, 7, 3, 224, 224),
          new Size(2, 13, 13, 3, 224, 224),
          new Size(4, 5, 9, 3, 31, 47),
          new Size(1, 1, 1, 1, 5, 3),
          new Size(2, 40, 33, 2, 17, 20));

  /** What is computed. */
  @FunctionalInterface
  interface Work {
    float[] on(Bench bench);
  }

  /**
   * One operation.
   *
   * @param floor the least magnitude that errors are relative to
   */
  record Check(String what, List<Work> cases, double budget, double floor) {}

  /** A session, an arena and a source of random numbers that starts the same on every device. */
  record Bench(Session session, Arena arena, Random random) {
    Bench(Session session, Arena arena) {
      this(session, arena, new Random(SEED));
    }

    Tensor random(String name, int... dims) {
      Tensor tensor = arena.floats(name, dims);
      float[] values = new float[tensor.shape().elementsAsInt()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      session.upload(values, tensor);
      return tensor;
    }

    Tensor ints(String name, int... values) {
      Tensor tensor = arena.allocate(name, DataType.I32, Shape.of(values.length));
      session.upload(values, tensor);
      return tensor;
    }

    Tensor empty(int... dims) {
      Tensor tensor = arena.floats("result", dims);
      session.fill(tensor, Float.NaN);
      return tensor;
    }

    float[] read(Tensor tensor) {
      float[] values = new float[tensor.shape().elementsAsInt()];
      session.download(tensor, values);
      return values;
    }
  }

  static List<Check> all() {
    return List.of(
        perSize("upsampleBilinear", OperationChecks::upsample),
        perSize("minMax", OperationChecks::minMax),
        perSize("upsampledMinMax", OperationChecks::upsampledMinMax),
        perSize("maskedMinMax", OperationChecks::maskedMinMax),
        perSize("normalise", OperationChecks::normalise),
        new Check("gaussianNoise", List.of(OperationChecks::noise), NORMAL, 1),
        perSize("maskMultiply", OperationChecks::maskMultiply),
        perSize("perturbAndMask, no noise", (b, s) -> perturb(b, s, Noise.NONE)),
        perSize("perturbAndMask, masked input", (b, s) -> perturb(b, s, Noise.MASKED_INPUT)),
        perSize("perturbAndMask, mask", (b, s) -> perturb(b, s, Noise.MASK)),
        single("gatherScore, logit", b -> gather(b, Score.LOGIT)),
        single("gatherScore, probability", b -> gather(b, Score.PROBABILITY)),
        single("reduceScores, max", b -> reduce(b, Aggregate.MAX)),
        single("reduceScores, mean", b -> reduce(b, Aggregate.MEAN)),
        single("softmax", OperationChecks::softmax),
        perSize("weightedSumRelu", OperationChecks::weightedSum));
  }

  @FunctionalInterface
  private interface Sized {
    float[] on(Bench bench, Size size);
  }

  private static Check perSize(String what, Sized work) {
    List<Work> cases = SIZES.stream().<Work>map(size -> bench -> work.on(bench, size)).toList();
    return new Check(what, cases, FLOAT, Float.MIN_NORMAL);
  }

  private static Check single(String what, Work work) {
    return new Check(what, List.of(work), FLOAT, Float.MIN_NORMAL);
  }

  private static float[] upsample(Bench b, Size s) {
    Tensor out = b.empty(s.k, s.height, s.width);
    b.session.upsampleBilinear(b.random("maps", s.maps()), out);
    return b.read(out);
  }

  private static float[] minMax(Bench b, Size s) {
    Tensor range = b.empty(s.k, 2);
    b.session.minMax(b.random("maps", s.maps()), range);
    return b.read(range);
  }

  private static float[] upsampledMinMax(Bench b, Size s) {
    Tensor range = b.empty(s.k, 2);
    b.session.upsampledMinMax(b.random("maps", s.maps()), s.height, s.width, range);
    return b.read(range);
  }

  private static float[] maskedMinMax(Bench b, Size s) {
    Tensor range = b.empty(s.k, 2);
    b.session.maskedMinMax(
        b.random("maps", s.maps()),
        b.random("affine", s.k, 3),
        b.random("image", s.image()),
        range);
    return b.read(range);
  }

  private static float[] normalise(Bench b, Size s) {
    Tensor maps = b.random("maps", s.maps());
    Tensor range = b.empty(s.k, 2);
    Tensor out = b.empty(s.maps());
    b.session.minMax(maps, range);
    b.session.normalise(maps, range, out);
    return b.read(out);
  }

  private static float[] noise(Bench b) {
    Tensor out = b.empty(3, 101, 67);
    b.session.gaussianNoise(0x123456789abcdefL, 511, 34, out);
    return b.read(out);
  }

  private static float[] maskMultiply(Bench b, Size s) {
    Tensor out = b.empty(s.image());
    b.session.maskMultiply(b.random("mask", s.height, s.width), b.random("image", s.image()), out);
    return b.read(out);
  }

  /** Pairs that begin and end inside a channel's samples. */
  private static float[] perturb(Bench b, Size s, Noise noise) {
    int samples = noise == Noise.NONE ? 1 : 3;
    int first = samples - 1;
    int count = s.k * samples - first;
    int[] channels = new int[s.k];
    for (int l = 0; l < s.k; l++) {
      channels[l] = s.k - 1 - l;
    }
    Tensor out = b.empty(count, s.c, s.height, s.width);
    b.session.perturbAndMask(
        noise,
        -7,
        new Chunk(first, count, samples),
        b.ints("channels", channels),
        b.random("maps", s.maps()),
        b.random("affine", s.k, 3),
        b.random("image", s.image()),
        out);
    return b.read(out);
  }

  private static float[] gather(Bench b, Score score) {
    Tensor scores = b.arena.floats("scores", 3, 20);
    b.session.fill(scores, 0);
    b.session.gatherScore(
        b.random("logits", 9, 1000), 7, b.ints("classes", 999, 0, 417), score, 11, scores);
    return b.read(scores);
  }

  private static float[] reduce(Bench b, Aggregate aggregate) {
    Tensor out = b.empty(2, 37);
    b.session.reduceScores(
        b.random("scores", 2, 37 * 5), 5, aggregate, b.random("baseline", 2), out);
    return b.read(out);
  }

  private static float[] softmax(Bench b) {
    Tensor out = b.empty(3, 511);
    b.session.softmax(b.random("rows", 3, 511), out);
    return b.read(out);
  }

  private static float[] weightedSum(Bench b, Size s) {
    int[] channels = new int[s.k];
    for (int l = 0; l < s.k; l++) {
      channels[l] = s.k - 1 - l;
    }
    Tensor out = b.empty(2, s.h, s.w);
    b.session.weightedSumRelu(
        b.random("alpha", 2, s.k), b.ints("channels", channels), b.random("maps", s.maps()), out);
    return b.read(out);
  }
}
