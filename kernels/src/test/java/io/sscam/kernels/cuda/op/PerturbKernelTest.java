package io.sscam.kernels.cuda.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.engine.backend.CamOperations.Chunk;
import io.sscam.engine.backend.CamOperations.Noise;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Noise, and the pictures it makes in both layouts, against the engine's noise and plain loops. */
class PerturbKernelTest extends OpBench {
  private static final long SEED = -0x123456789ABCDEFL;

  /** SPEC.md's budget of a normal on a GPU, relative to max(1, |z|). */
  private static final double NORMAL = 1e-6;

  private static float[] normals(int channel, int sample, int count) {
    float[] z = new float[count];
    new io.sscam.engine.noise.GaussianNoise().fill(z, 0, count, SEED, channel, sample, 0);
    return z;
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 1", "511, 9, 6", "7, 34, 1023", "2047, 1000, 150528"})
  void normalsAreTheEngines(int channel, int sample, int count) {
    long out = room(4L * count);
    new GaussianNoise(modules).run(stream, SEED, channel, sample, out, count);
    float[] expected = normals(channel, sample, count);
    float[] found = floats(out, count);
    for (int e = 0; e < count; e++) {
      double tolerance = NORMAL * Math.max(1, Math.abs(expected[e]));
      if (!(Math.abs((double) found[e] - expected[e]) <= tolerance)) {
        throw new AssertionError("z " + e + ": " + found[e] + " is not " + expected[e]);
      }
    }
  }

  /** Colours, height, width; first pair, pairs; samples of a channel. */
  private record Case(int c, int height, int width, int first, int count, int samples) {}

  static Stream<Arguments> cases() {
    return Stream.of(Noise.values())
        .flatMap(
            noise ->
                Stream.of(
                        new Case(3, 224, 224, 5, 2, 3),
                        new Case(3, 32, 48, 0, 11, 3),
                        new Case(3, 17, 23, 2, 7, 4),
                        new Case(1, 1, 1, 0, 3, 1),
                        new Case(4, 5, 7, 1, 9, 10),
                        new Case(5, 6, 6, 0, 30, 10),
                        new Case(8, 31, 46, 1, 4, 1),
                        new Case(2, 64, 64, 4, 26, 7))
                    .map(one -> Arguments.of(noise, one)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void picturesAreThoseOfTheFormula(Noise noise, Case one) {
    int k = 40;
    int h = 7;
    int w = 5;
    int[] channels = {39, 0, 17, 5, 1};
    float[] maps = values(k * h * w);
    float[] affine = values(3 * k);
    float[] image = values(one.c * one.height * one.width);
    int each = image.length;
    int plane = one.height * one.width;
    int stored = (one.c + 3) / 4 * 4;
    long full = room(4L * (one.count + 1) * each);
    long half = room(2L * (one.count + 1) * plane * stored);
    Chunk chunk = new Chunk(one.first, one.count, one.samples);
    PerturbAndMask perturb = new PerturbAndMask(modules);
    for (Layout layout : Layout.values()) {
      perturb.run(
          stream,
          noise,
          layout,
          device(channels),
          device(maps),
          device(affine),
          device(image),
          h,
          w,
          one.c,
          one.height,
          one.width,
          SEED,
          chunk,
          layout == Layout.NCHW_F32 ? full : half);
    }
    float[] first = floats(full, (one.count + 1) * each);
    short[] last = halves(half, (one.count + 1) * plane * stored);
    for (int row = 0; row < one.count; row++) {
      int channel = channels[(one.first + row) / one.samples];
      float[] z = normals(channel, (one.first + row) % one.samples, each);
      double[] up = upsample(maps, channel, h, w, one.height, one.width);
      double[] x = new double[each];
      double[] reordered = new double[plane * stored];
      for (int e = 0; e < each; e++) {
        int pixel = e % plane;
        double mask = (up[pixel] - affine[3 * channel]) * affine[3 * channel + 1];
        double tau = affine[3 * channel + 2];
        x[e] =
            switch (noise) {
              case NONE -> mask * image[e];
              case MASKED_INPUT -> mask * image[e] + tau * z[e];
              case MASK -> (mask + tau * z[pixel]) * image[e];
            };
        reordered[pixel * stored + e / plane] = x[e];
      }
      near("row " + row, Arrays.copyOfRange(first, row * each, (row + 1) * each), x, 5e-5);
      short[] own = Arrays.copyOfRange(last, row * plane * stored, (row + 1) * plane * stored);
      nearHalf("row " + row + " in halves", own, reordered, 5e-5);
      for (int e = 0; e < own.length; e++) {
        assertThat(e % stored < one.c || own[e] == 0).as("padding is zero").isTrue();
      }
    }
    float[] beyond = Arrays.copyOfRange(first, one.count * each, first.length);
    assertThat(beyond).containsOnly(Float.NaN);
    short[] halvesBeyond = Arrays.copyOfRange(last, one.count * plane * stored, last.length);
    assertThat(halvesBeyond).containsOnly((short) -1);
  }
}
