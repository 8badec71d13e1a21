package io.sscam.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Upsampling, ranges, normalising and masking. */
abstract class MapContract extends Bench {
  MapContract(BackendContract contract) {
    super(contract);
  }

  static Stream<Arguments> extentsAndKinds() {
    return Extent.all().stream()
        .flatMap(x -> Stream.of(Values.Kind.values()).map(kind -> Arguments.of(x, kind)));
  }

  static final List<Extent> EXTENTS = Extent.all();

  @ParameterizedTest
  @MethodSource("extentsAndKinds")
  void upsampleBilinear(Extent x, Values.Kind kind) {
    float[] a = kind.make(x.mapElements());
    try (Arena arena = session.arena("a")) {
      Tensor out = poisoned(arena, "out", x.channels(), x.height(), x.width());
      session.upsampleBilinear(maps(arena, a, x), out);
      Near.peak("U(A)", download(out), join(x, k -> Formulas.upsample(a, k, x)));
    }
  }

  @ParameterizedTest
  @MethodSource("extentsAndKinds")
  void upsampledMinMax(Extent x, Values.Kind kind) {
    float[] a = kind.make(x.mapElements());
    try (Arena arena = session.arena("a")) {
      Tensor range = poisoned(arena, "range", x.channels(), 2);
      session.upsampledMinMax(maps(arena, a, x), x.height(), x.width(), range);
      double[] expected = join(x, k -> Formulas.range(Formulas.upsample(a, k, x)));
      Near.peak("range of U(A)", download(range), expected);
    }
  }

  /** The fused operation finds exactly what the two steps find: a mask must reach 0 and 1. */
  @ParameterizedTest
  @MethodSource("extentsAndKinds")
  void upsampledMinMaxIsThatOfTheUpsampledMap(Extent x, Values.Kind kind) {
    try (Arena arena = session.arena("a")) {
      Tensor maps = maps(arena, kind.make(x.mapElements()), x);
      Tensor up = poisoned(arena, "up", x.channels(), x.height(), x.width());
      Tensor separate = poisoned(arena, "separate", x.channels(), 2);
      Tensor fused = poisoned(arena, "fused", x.channels(), 2);
      session.upsampleBilinear(maps, up);
      session.minMax(up, separate);
      session.upsampledMinMax(maps, x.height(), x.width(), fused);
      Near.peak("fused", download(fused), Formulas.doubles(download(separate)));
    }
  }

  @ParameterizedTest
  @MethodSource("extentsAndKinds")
  void minMaxIsExact(Extent x, Values.Kind kind) {
    float[] a = kind.make(x.mapElements());
    int each = x.h() * x.w();
    try (Arena arena = session.arena("a")) {
      Tensor range = poisoned(arena, "range", x.channels(), 2);
      session.minMax(maps(arena, a, x), range);
      double[] expected =
          join(
              x,
              k ->
                  Formulas.range(
                      Formulas.doubles(Arrays.copyOfRange(a, k * each, (k + 1) * each))));
      Near.within("range", download(range), expected, 0);
    }
  }

  @ParameterizedTest
  @FieldSource("EXTENTS")
  void maskedMinMax(Extent x) {
    float[] a = Values.mixed(x.mapElements());
    float[] picture = Values.mixed(3, x.height(), x.width());
    float[] affine = affine(x.channels());
    try (Arena arena = session.arena("a")) {
      Tensor range = poisoned(arena, "range", x.channels(), 2);
      session.maskedMinMax(
          maps(arena, a, x),
          floats(arena, "affine", affine, x.channels(), 3),
          floats(arena, "image", picture, 3, x.height(), x.width()),
          range);
      double[] expected =
          join(x, k -> Formulas.range(multiply(Formulas.mask(a, k, affine, x), picture)));
      Near.peak("range of M ⊙ X", download(range), expected, 8); // |U − shift| ≤ 4, |X| ≤ 2
    }
  }

  @ParameterizedTest
  @MethodSource("extentsAndKinds")
  void normalise(Extent x, Values.Kind kind) {
    float[] a = kind.make(x.mapElements());
    try (Arena arena = session.arena("a")) {
      Tensor maps = maps(arena, a, x);
      Tensor range = poisoned(arena, "range", x.channels(), 2);
      Tensor out = poisoned(arena, "out", x.channels(), x.h(), x.w());
      session.minMax(maps, range);
      session.normalise(maps, range, out);
      float[] limits = download(range);
      double[] expected = new double[a.length];
      for (int e = 0; e < a.length; e++) {
        int k = e / (x.h() * x.w());
        double span = (double) limits[2 * k + 1] - limits[2 * k];
        expected[e] = span == 0 ? 0 : (a[e] - limits[2 * k]) / span;
      }
      Near.peak("s(A)", download(out), expected);
    }
  }

  @ParameterizedTest
  @FieldSource("EXTENTS")
  void maskMultiply(Extent x) {
    float[] mask = Values.mixed(x.height(), x.width());
    float[] picture = Values.mixed(3, x.height(), x.width());
    try (Arena arena = session.arena("a")) {
      Tensor out = poisoned(arena, "out", 3, x.height(), x.width());
      session.maskMultiply(
          floats(arena, "mask", mask, x.height(), x.width()),
          floats(arena, "image", picture, 3, x.height(), x.width()),
          out);
      Near.each("M ⊙ X", download(out), multiply(Formulas.doubles(mask), picture));
    }
  }

  /** A net that gives NaN must be found out, so no operation may turn it into a number. */
  @Test
  void nanShowsInEveryResult() {
    float[] a = Values.mixed(2, 3, 5);
    a[20] = Float.NaN; // in the second of two maps
    try (Arena arena = session.arena("a")) {
      Tensor maps = floats(arena, "maps", a, 2, 3, 5);
      Tensor range = arena.floats("range", 2, 2);
      Tensor upRange = arena.floats("range of U", 2, 2);
      Tensor sum = arena.floats("sum", 1, 3, 5);
      session.minMax(maps, range);
      session.upsampledMinMax(maps, 17, 23, upRange);
      session.weightedSumRelu(
          floats(arena, "alpha", new float[] {1, 1}, 1, 2),
          ints(arena, "channels", 0, 1),
          maps,
          sum);
      for (Tensor found : List.of(range, upRange)) {
        assertThat(download(found, 2)).as(found.name() + " without").doesNotContain(Float.NaN);
        Near.nan(found.name() + " of the map with NaN", download(found), 2, 4);
      }
      Near.nan("sum at the NaN", download(sum), 5, 6);
    }
  }

  private Tensor maps(Arena arena, float[] a, Extent x) {
    return floats(arena, "maps", a, x.channels(), x.h(), x.w());
  }

  /** Shift, scale of both signs, and a τ that is not to be used. */
  private static float[] affine(int channels) {
    float[] affine = Values.mixed(channels, 3);
    for (int k = 0; k < channels; k++) {
      affine[3 * k + 2] = Float.NaN;
    }
    return affine;
  }

  private static double[] multiply(double[] mask, float[] picture) {
    return IntStream.range(0, picture.length)
        .mapToDouble(e -> mask[e % mask.length] * picture[e])
        .toArray();
  }

  private static double[] join(Extent x, IntFunction<double[]> perChannel) {
    return IntStream.range(0, x.channels())
        .mapToObj(perChannel)
        .flatMapToDouble(Arrays::stream)
        .toArray();
  }
}
