package io.sscam.engine.contract;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.CamOperations.Chunk;
import io.sscam.engine.backend.CamOperations.Noise;
import io.sscam.engine.backend.DataType;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.Tensor;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The fused making of perturbed, masked pictures. */
abstract class PerturbContract extends Bench {
  private static final long SEED = 0x9E3779B97F4A7C15L;

  PerturbContract(BackendContract contract) {
    super(contract);
  }

  /** Maps, picture and channels of one case. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Scene(Extent x, int[] channels, float[] maps, float[] affine, float[] image) {
    static Scene of(Extent x, int... channels) {
      float[] affine = Values.mixed(x.channels(), 3);
      for (int k = 0; k < x.channels(); k++) {
        affine[3 * k + 2] = Math.abs(affine[3 * k + 2]); // τ is a standard deviation
      }
      return new Scene(
          x,
          channels,
          Values.mixed(x.mapElements()),
          affine,
          Values.mixed(3, x.height(), x.width()));
    }

    int pictureElements() {
      return 3 * x.height() * x.width();
    }

    long pairs(int samples) {
      return (long) channels.length * samples;
    }

    /** x_ki by the formula. */
    double[] picture(Noise noise, int k, int sample) {
      double[] mask = Formulas.mask(maps, k, affine, x);
      double[] out = new double[image.length];
      double tau = affine[3 * k + 2];
      for (int e = 0; e < out.length; e++) {
        int pixel = e % mask.length;
        out[e] =
            switch (noise) {
              case NONE -> mask[pixel] * image[e];
              case MASKED_INPUT ->
                  mask[pixel] * image[e] + tau * Formulas.normal(SEED, k, sample, e);
              case MASK -> (mask[pixel] + tau * Formulas.normal(SEED, k, sample, pixel)) * image[e];
            };
      }
      return out;
    }
  }

  static Stream<Arguments> cases() {
    return Stream.of(Noise.values())
        .flatMap(
            noise ->
                Stream.of(
                    Arguments.of(noise, new Extent(1, 1, 1, 1, 1), new int[] {0}, 1),
                    Arguments.of(noise, new Extent(3, 1, 7, 17, 23), new int[] {2, 0}, 3),
                    Arguments.of(noise, new Extent(3, 5, 9, 32, 48), new int[] {1, 2}, 3),
                    Arguments.of(noise, new Extent(3, 13, 13, 17, 23), new int[] {0, 2}, 10),
                    Arguments.of(noise, new Extent(3, 13, 13, 17, 23), new int[] {2, 0, 1}, 1),
                    Arguments.of(noise, new Extent(3, 5, 9, 61, 67), new int[] {2, 0}, 3),
                    Arguments.of(noise, new Extent(64, 7, 7, 6, 4), new int[] {3, 17, 63}, 10),
                    Arguments.of(noise, new Extent(64, 7, 7, 224, 224), new int[] {41}, 1)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void picturesAreThoseOfTheFormula(Noise noise, Extent x, int[] channels, int samples) {
    Scene scene = Scene.of(x, channels);
    int count = (int) scene.pairs(samples);
    float[] made = make(session, noise, scene, samples, count);
    for (int p = 0; p < count; p++) {
      double[] expected = scene.picture(noise, channels[p / samples], p % samples);
      int each = scene.pictureElements();
      float[] row = Arrays.copyOfRange(made, p * each, (p + 1) * each);
      // |U − shift| ≤ 4, scale, X ≤ 2, τ ≤ 2 and |z| ≤ 5.8: terms up to 16 + 23
      Near.peak("pair " + p, row, expected, 16);
    }
  }

  /** 7 divides neither the 20 pairs nor the 10 samples of a channel. */
  @ParameterizedTest
  @EnumSource(Noise.class)
  void chunksDoNotMatterToTheBit(Noise noise) {
    Scene scene = Scene.of(new Extent(3, 5, 9, 17, 23), 0, 2);
    float[] whole = make(session, noise, scene, 10, 20);
    for (int batch : new int[] {1, 3, 7, 19}) {
      Near.bits("chunks of " + batch, make(session, noise, scene, 10, batch), whole);
    }
  }

  @ParameterizedTest
  @EnumSource(Noise.class)
  void threadsDoNotMatterToTheBit(Noise noise) {
    Scene scene = Scene.of(new Extent(3, 7, 7, 32, 48), 0, 2);
    float[] two = make(session, noise, scene, 3, 6);
    try (Backend single = contract.open(1);
        Session alone = single.openSession()) {
      Near.bits("one thread", make(alone, noise, scene, 3, 6), two);
    }
  }

  @ParameterizedTest
  @EnumSource(Noise.class)
  void rowsBeyondTheCountAreLeftAlone(Noise noise) {
    Scene scene = Scene.of(new Extent(3, 7, 7, 17, 23), 0, 2);
    int each = scene.pictureElements();
    try (Arena arena = session.arena("a")) {
      Tensor out = poisoned(arena, "out", 5, 3, 17, 23);
      Uploaded on = Uploaded.to(session, arena, scene);
      on.perturb(session, noise, new Chunk(2, 2, 3), out);
      float[] rows = download(out);
      Near.untouched("rows 2 … 4", rows, 2 * each, 5 * each);
      float[] whole = make(session, noise, scene, 3, 6);
      Near.bits(
          "rows 0 and 1",
          Arrays.copyOf(rows, 2 * each),
          Arrays.copyOfRange(whole, 2 * each, 4 * each));
    }
  }

  @ParameterizedTest
  @EnumSource(Noise.class)
  void pairsHaveNumbersBeyondInt(Noise noise) {
    Scene scene = Scene.of(new Extent(3, 7, 7, 17, 23), 0, 2);
    int each = scene.pictureElements();
    try (Arena arena = session.arena("a")) {
      Tensor out = poisoned(arena, "out", 2, 3, 17, 23);
      Chunk chunk = new Chunk(Integer.MAX_VALUE + 5L, 2, Integer.MAX_VALUE);
      Uploaded.to(session, arena, scene).perturb(session, noise, chunk, out);
      float[] rows = download(out);
      for (int row = 0; row < 2; row++) {
        float[] made = Arrays.copyOfRange(rows, row * each, (row + 1) * each);
        Near.peak("sample " + (5 + row), made, scene.picture(noise, 2, 5 + row), 16);
      }
    }
  }

  /** The noise of a pair is that of {@code gaussianNoise} for the channel's own number. */
  @Test
  void noiseAloneIsGaussianNoise() {
    Extent x = new Extent(64, 5, 9, 17, 23);
    Scene scene = Scene.of(x, 63);
    for (int k = 0; k < x.channels(); k++) {
      scene.affine()[3 * k + 1] = 0; // M = 0
      scene.affine()[3 * k + 2] = 1;
    }
    float[] made = make(session, Noise.MASKED_INPUT, scene, 3, 3);
    try (Arena arena = session.arena("a")) {
      Tensor z = poisoned(arena, "z", 3, x.height(), x.width());
      session.gaussianNoise(SEED, 63, 2, z);
      int each = scene.pictureElements();
      float[] last = Arrays.copyOfRange(made, 2 * each, 3 * each);
      Near.within("z", last, Formulas.doubles(download(z)), 1e-6); // one rounding more
    }
  }

  /** All pairs, made in chunks of at most {@code batch}. */
  private float[] make(Session on, Noise noise, Scene scene, int samples, int batch) {
    int each = scene.pictureElements();
    int pairs = (int) scene.pairs(samples);
    float[] all = new float[pairs * each];
    try (Arena arena = on.arena("a")) {
      Uploaded uploaded = Uploaded.to(on, arena, scene);
      Tensor out = arena.floats("out", batch, 3, scene.x().height(), scene.x().width());
      for (int first = 0; first < pairs; first += batch) {
        int count = Math.min(batch, pairs - first);
        on.fill(out, Float.NaN);
        uploaded.perturb(on, noise, new Chunk(first, count, samples), out);
        float[] rows = new float[count * each];
        on.download(out, rows);
        System.arraycopy(rows, 0, all, first * each, rows.length);
      }
    }
    return all;
  }

  /** A scene on the device. */
  private record Uploaded(Tensor channels, Tensor maps, Tensor affine, Tensor image) {
    static Uploaded to(Session on, Arena arena, Scene scene) {
      Extent x = scene.x();
      Tensor channels = arena.allocate("channels", DataType.I32, Shape.of(scene.channels().length));
      on.upload(scene.channels(), channels);
      Tensor maps = arena.floats("maps", x.channels(), x.h(), x.w());
      on.upload(scene.maps(), maps);
      Tensor affine = arena.floats("affine", x.channels(), 3);
      on.upload(scene.affine(), affine);
      Tensor image = arena.floats("image", 3, x.height(), x.width());
      on.upload(scene.image(), image);
      return new Uploaded(channels, maps, affine, image);
    }

    void perturb(Session on, Noise noise, Chunk chunk, Tensor out) {
      on.perturbAndMask(noise, SEED, chunk, channels, maps, affine, image, out);
    }
  }
}
