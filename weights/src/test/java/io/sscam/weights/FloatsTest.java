package io.sscam.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class FloatsTest {

  /** The definition of binary16, in double. */
  private static double valueOf(int half) {
    int exponent = (half >> 10) & 31;
    int mantissa = half & 1023;
    double sign = (half & 0x8000) == 0 ? 1 : -1;
    if (exponent == 31) {
      return mantissa == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
    }
    return exponent == 0
        ? sign * mantissa * Math.pow(2, -24)
        : sign * (1024 + mantissa) * Math.pow(2, exponent - 25);
  }

  @Test
  void everyHalfHasItsValueAndComesBack() {
    for (int half = 0; half < 1 << 16; half++) {
      float value = Floats.fromHalf((short) half);
      double expected = valueOf(half);
      assertThat(Double.valueOf(value)).isEqualTo(Double.valueOf(expected));
      if (expected == 0) {
        assertThat(Float.floatToRawIntBits(value)).isEqualTo(half << 16);
      }
      if (!Double.isNaN(expected)) {
        assertThat(Floats.toHalf(value)).isEqualTo((short) half);
      } else {
        assertThat(Floats.fromHalf(Floats.toHalf(value))).isNaN();
      }
    }
  }

  @Test
  void roundingIsToNearestAndTiesToEven() {
    Random random = new Random(1);
    for (int i = 0; i < 200_000; i++) {
      float value = (float) Math.pow(2, random.nextInt(44) - 27) * (random.nextFloat() * 2 - 1);
      check(value);
    }
    for (int half = 0; half < 0x7BFF; half++) {
      // Exactly between two neighbours; a float32 holds it exactly.
      check((float) ((valueOf(half) + valueOf(half + 1)) / 2));
    }
  }

  private static void check(float value) {
    int half = Floats.toHalf(value) & 0xFFFF;
    int magnitude = half & 0x7FFF;
    double error = Math.abs(valueOf(magnitude) - Math.abs((double) value));
    if (magnitude == 0x7C00) {
      assertThat(Math.abs(value)).isGreaterThanOrEqualTo(65520f);
      return;
    }
    double above = magnitude == 0x7BFF ? 65536 : valueOf(magnitude + 1);
    double below = magnitude == 0 ? Double.NEGATIVE_INFINITY : valueOf(magnitude - 1);
    double other = Math.min(above - Math.abs(value), Math.abs(value) - below);
    assertThat(error).isLessThanOrEqualTo(other);
    if (error == other) {
      assertThat(magnitude & 1).isZero();
    }
  }

  @Test
  void theEdgesOfTheRange() {
    assertThat(Floats.toHalf(65519.996f)).isEqualTo((short) 0x7BFF);
    assertThat(Floats.toHalf(65520f)).isEqualTo((short) 0x7C00);
    assertThat(Floats.toHalf(-1e30f)).isEqualTo((short) 0xFC00);
    assertThat(Floats.toHalf(Float.MIN_VALUE)).isZero();
    assertThat(Floats.toHalf(-0f)).isEqualTo((short) 0x8000);
  }

  @Test
  void bfloat16IsTheUpperHalf() {
    assertThat(Floats.fromBfloat16((short) 0x3F80)).isEqualTo(1f);
    assertThat(Floats.fromBfloat16((short) 0xC020)).isEqualTo(-2.5f);
    assertThat(Floats.fromBfloat16((short) 0x7FC0)).isNaN();
  }
}
