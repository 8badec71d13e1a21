package io.sscam.bench.measure;

import io.sscam.engine.backend.CamOperations.Aggregate;
import io.sscam.engine.backend.CamOperations.Chunk;
import io.sscam.engine.backend.CamOperations.Noise;
import io.sscam.engine.backend.CamOperations.Score;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.Tensor;
import java.util.List;
import java.util.function.Function;

/**
 * One operation on maps, or a chain of them, ready to be timed at any size.
 *
 * @param name the method of {@link io.sscam.engine.backend.CamOperations}
 * @param perMap whether the result for the first maps does not depend on the others, so that a
 *     check may stop after them
 * @param on the extents that matter to it, in words
 * @param setup allocates operands on a device
 */
public record KernelCase(String name, boolean perMap, Function<MapSize, String> on, Setup setup) {
  /** Pictures that one call of perturbAndMask makes. */
  static final int PICTURES = 32;

  /** The fused call with noise on the masked picture, the default of SS-CAM. */
  static final String FUSED = "perturbAndMask, input";

  /** The same by single operations. */
  static final String UNFUSED = "the same, unfused";

  /** N: so many of them show the same channel. */
  private static final int SAMPLES = 8;

  /** Operations of one bilinear value: three interpolations of a + t (b − a). */
  private static final int BILINEAR = 9;

  /** Operations of one normal: a quarter of Philox's ten rounds, half of a Box–Muller pair. */
  private static final int NORMAL = 50;

  /** Operations of e^x. */
  private static final int EXP = 20;

  private static final int RGB = 3;
  private static final int CLASSES = 1000;
  private static final int ROWS = 256;
  private static final int F = Float.BYTES;
  private static final long SEED = 20260101;

  /** Makes a call of a given size. */
  @FunctionalInterface
  public interface Setup {
    Call on(Workbench bench, MapSize size);
  }

  /**
   * Operands in place.
   *
   * @param run the operation
   * @param result what it writes
   * @param bytes that it must read and write at least, each operand once
   * @param flops that it must do about
   */
  public record Call(Runnable run, Tensor result, double bytes, double flops) {}

  /** All, in the order in which a picture passes through them. */
  public static List<KernelCase> all() {
    return List.of(
        ofMaps("upsampleBilinear", KernelCase::upsample),
        ofMaps("minMax", KernelCase::minMax),
        ofMaps("upsampledMinMax", KernelCase::upsampledMinMax),
        ofMaps("maskedMinMax", KernelCase::maskedMinMax),
        ofMaps("normalise", KernelCase::normalise),
        new KernelCase("gaussianNoise", true, KernelCase::picture, KernelCase::noise),
        new KernelCase("maskMultiply", true, KernelCase::picture, KernelCase::multiply),
        ofMaps("perturbAndMask, no noise", (b, s) -> perturb(b, s, Noise.NONE)),
        ofMaps("perturbAndMask, mask", (b, s) -> perturb(b, s, Noise.MASK)),
        ofMaps(FUSED, (b, s) -> perturb(b, s, Noise.MASKED_INPUT)),
        ofMaps(UNFUSED, KernelCase::chain),
        new KernelCase("gatherScore", false, s -> ROWS + "×" + CLASSES, KernelCase::gather),
        new KernelCase("reduceScores", false, s -> s.maps() + "×" + SAMPLES, KernelCase::reduce),
        new KernelCase("softmax", false, s -> "1×" + s.maps(), KernelCase::softmax),
        new KernelCase(
            "weightedSumRelu",
            false,
            s -> s.maps() + "×" + s.h() + "×" + s.w(),
            KernelCase::weightedSum));
  }

  private static KernelCase ofMaps(String name, Setup setup) {
    return new KernelCase(name, true, MapSize::toString, setup);
  }

  private static String picture(MapSize s) {
    return RGB + "×" + s.height() + "×" + s.width();
  }

  /**
   * Operations that perturbAndMask does about.
   *
   * @param pixels of one picture
   */
  static double perturbFlops(Noise noise, int pictures, double pixels) {
    double normals =
        switch (noise) {
          case NONE -> 0;
          case MASK -> 1;
          case MASKED_INPUT -> RGB;
        };
    return pictures * pixels * (BILINEAR + 2 + RGB + normals * (NORMAL + 2));
  }

  private static Tensor maps(Workbench b, MapSize s) {
    return b.random("maps", s.maps(), s.h(), s.w());
  }

  private static Tensor image(Workbench b, MapSize s) {
    return b.random("image", RGB, s.height(), s.width());
  }

  /** Maps at the picture's size, made on the device: they may be larger than a Java array. */
  private static Tensor large(Workbench b, MapSize s) {
    Tensor large = b.empty("upsampled", s.maps(), s.height(), s.width());
    b.session().upsampleBilinear(maps(b, s), large);
    return large;
  }

  private static double small(MapSize s) {
    return (double) s.maps() * s.cells();
  }

  private static double big(MapSize s) {
    return (double) s.maps() * s.pixels();
  }

  private static Call upsample(Workbench b, MapSize s) {
    Tensor maps = maps(b, s);
    Tensor out = b.empty("out", s.maps(), s.height(), s.width());
    return new Call(
        () -> b.session().upsampleBilinear(maps, out),
        out,
        F * (small(s) + big(s)),
        BILINEAR * big(s));
  }

  private static Call minMax(Workbench b, MapSize s) {
    Tensor maps = large(b, s);
    Tensor range = b.empty("range", s.maps(), 2);
    return new Call(() -> b.session().minMax(maps, range), range, F * big(s), 2 * big(s));
  }

  private static Call upsampledMinMax(Workbench b, MapSize s) {
    Tensor maps = maps(b, s);
    Tensor range = b.empty("range", s.maps(), 2);
    return new Call(
        () -> b.session().upsampledMinMax(maps, s.height(), s.width(), range),
        range,
        F * small(s),
        (BILINEAR + 2) * big(s));
  }

  private static Call maskedMinMax(Workbench b, MapSize s) {
    Tensor maps = maps(b, s);
    Tensor affine = b.random("affine", s.maps(), 3);
    Tensor image = image(b, s);
    Tensor range = b.empty("range", s.maps(), 2);
    return new Call(
        () -> b.session().maskedMinMax(maps, affine, image, range),
        range,
        F * (small(s) + RGB * s.pixels()),
        (BILINEAR + 2 + RGB * 3) * big(s));
  }

  private static Call normalise(Workbench b, MapSize s) {
    Tensor maps = large(b, s);
    Tensor range = b.empty("range", s.maps(), 2);
    b.session().minMax(maps, range);
    Tensor out = b.empty("out", s.maps(), s.height(), s.width());
    return new Call(() -> b.session().normalise(maps, range, out), out, 2 * F * big(s), 2 * big(s));
  }

  private static Call noise(Workbench b, MapSize s) {
    Tensor out = b.empty("noise", RGB, s.height(), s.width());
    double elements = RGB * s.pixels();
    return new Call(
        () -> b.session().gaussianNoise(SEED, 3, 1, out), out, F * elements, NORMAL * elements);
  }

  private static Call multiply(Workbench b, MapSize s) {
    Tensor mask = b.random("mask", s.height(), s.width());
    Tensor image = image(b, s);
    Tensor out = b.empty("out", RGB, s.height(), s.width());
    return new Call(
        () -> b.session().maskMultiply(mask, image, out),
        out,
        F * (1 + 2 * RGB) * s.pixels(),
        RGB * s.pixels());
  }

  /** A whole batch of masked pictures in one call. */
  private static Call perturb(Workbench b, MapSize s, Noise noise) {
    int samples = noise == Noise.NONE ? 1 : SAMPLES;
    int count = Math.min(PICTURES, s.maps() * samples);
    Tensor channels = b.range("channels", s.maps());
    Tensor maps = maps(b, s);
    Tensor affine = b.random("affine", s.maps(), 3);
    Tensor image = image(b, s);
    Tensor out = b.empty("out", count, RGB, s.height(), s.width());
    Chunk chunk = new Chunk(0, count, samples);
    double used = (count + samples - 1.0) / samples;
    return new Call(
        () -> b.session().perturbAndMask(noise, SEED, chunk, channels, maps, affine, image, out),
        out,
        F * (used * s.cells() + (count + 1.0) * RGB * s.pixels()),
        perturbFlops(noise, count, (double) s.pixels()));
  }

  /**
   * What perturbAndMask does, by the single operations: each channel upsampled and normalised once,
   * then noise and product for every picture. The contract cannot add two tensors, so the sum is
   * left out and the chain is a little too fast. Its bytes and operations are the fused call's, so
   * that both rows may be compared.
   */
  private static Call chain(Workbench b, MapSize s) {
    Session session = b.session();
    int count = Math.min(PICTURES, s.maps() * SAMPLES);
    int used = (count + SAMPLES - 1) / SAMPLES;
    Tensor maps = maps(b, s.withMaps(used));
    Tensor large = b.empty("upsampled", used, s.height(), s.width());
    Tensor range = b.empty("range", used, 2);
    Tensor masks = b.empty("masks", used, s.height(), s.width());
    Tensor noise = b.empty("noise", RGB, s.height(), s.width());
    Tensor mask = b.random("mask", s.height(), s.width());
    Tensor image = image(b, s);
    Tensor out = b.empty("out", RGB, s.height(), s.width());
    Runnable run =
        () -> {
          session.upsampleBilinear(maps, large);
          session.minMax(large, range);
          session.normalise(large, range, masks);
          for (int p = 0; p < count; p++) {
            session.gaussianNoise(SEED, p / SAMPLES, p % SAMPLES, noise);
            session.maskMultiply(mask, image, out);
          }
        };
    return new Call(
        run,
        masks,
        F * ((double) used * s.cells() + (count + 1.0) * RGB * s.pixels()),
        perturbFlops(Noise.MASKED_INPUT, count, (double) s.pixels()));
  }

  private static Call gather(Workbench b, MapSize s) {
    Tensor logits = b.random("logits", ROWS, CLASSES);
    Tensor classes = b.range("classes", 1);
    Tensor scores = b.empty("scores", 1, ROWS);
    return new Call(
        () -> b.session().gatherScore(logits, ROWS, classes, Score.PROBABILITY, 0, scores),
        scores,
        (double) F * ROWS * CLASSES,
        (EXP + 2.0) * ROWS * CLASSES);
  }

  private static Call reduce(Workbench b, MapSize s) {
    Tensor scores = b.random("scores", 1, s.maps() * SAMPLES);
    Tensor baseline = b.random("baseline", 1);
    Tensor out = b.empty("out", 1, s.maps());
    return new Call(
        () -> b.session().reduceScores(scores, SAMPLES, Aggregate.MAX, baseline, out),
        out,
        (double) F * s.maps() * (SAMPLES + 1),
        (double) s.maps() * SAMPLES);
  }

  private static Call softmax(Workbench b, MapSize s) {
    Tensor rows = b.random("rows", 1, s.maps());
    Tensor out = b.empty("out", 1, s.maps());
    return new Call(
        () -> b.session().softmax(rows, out), out, 2.0 * F * s.maps(), (EXP + 3.0) * s.maps());
  }

  private static Call weightedSum(Workbench b, MapSize s) {
    Tensor alpha = b.random("alpha", 1, s.maps());
    Tensor channels = b.range("channels", s.maps());
    Tensor maps = maps(b, s);
    Tensor out = b.empty("out", 1, s.h(), s.w());
    return new Call(
        () -> b.session().weightedSumRelu(alpha, channels, maps, out),
        out,
        F * (small(s) + s.maps() + s.cells()),
        2 * small(s));
  }
}
