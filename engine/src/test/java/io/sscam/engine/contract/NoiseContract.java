package io.sscam.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** z(seed, k, i) as SPEC.md defines it. */
abstract class NoiseContract extends Bench {
  NoiseContract(BackendContract contract) {
    super(contract);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, 1",
    "1, 0, 0, 3",
    "42, 511, 9, 4",
    "-1, 7, 34, 5",
    "-9223372036854775808, 1, 2, 391",
    "81985529216486895, 2047, 1000, 1173"
  })
  void normalsAreThoseOfTheDefinition(long seed, int channel, int sample, int elements) {
    try (Arena arena = session.arena("a")) {
      Tensor out = poisoned(arena, "z", elements);
      session.gaussianNoise(seed, channel, sample, out);
      float[] z = download(out);
      for (int e = 0; e < elements; e++) {
        double expected = Formulas.normal(seed, channel, sample, e);
        Near.element("z", e, z[e], expected, contract.noiseTolerance(expected));
      }
    }
  }

  /** The element's number counts, not its place: shape and size change nothing. */
  @Test
  void shapeDoesNotMatter() {
    try (Arena arena = session.arena("a")) {
      Tensor picture = poisoned(arena, "picture", 3, 17, 23);
      Tensor vector = poisoned(arena, "vector", 30);
      session.gaussianNoise(5, 6, 7, picture);
      session.gaussianNoise(5, 6, 7, vector);
      Near.bits("z", download(vector), download(picture, 30));
    }
  }

  @Test
  void normalsAreNormal() {
    try (Arena arena = session.arena("a")) {
      Tensor out = poisoned(arena, "z", 3, 224, 224);
      session.gaussianNoise(2026, 3, 1, out);
      double sum = 0;
      double squares = 0;
      for (float z : download(out)) {
        sum += z;
        squares += (double) z * z;
      }
      double n = 3 * 224 * 224;
      // five standard errors of a mean (1/√n) and of a variance (√(2/n))
      assertThat(sum / n).isBetween(-5 / Math.sqrt(n), 5 / Math.sqrt(n));
      assertThat(squares / n).isBetween(1 - 5 * Math.sqrt(2 / n), 1 + 5 * Math.sqrt(2 / n));
    }
  }
}
