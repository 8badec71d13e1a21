package io.sscam.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GaussianBlurTest {
  /** Rows of RISE's gkern(11, 5) summed, the middle first; by scipy 1.17.1. */
  private static final double[] SCIPY = {
    0.09398206, 0.09348939, 0.09219112, 0.0904742, 0.08889612, 0.08795815
  };

  /** Two passes, each rounded to float32, on values of at most 1; SCIPY has 8 digits. */
  private static final double ROUNDING = 2 * 0x1p-24 + 1e-8;

  private static double tap(int distance) {
    return Math.abs(distance) < SCIPY.length ? SCIPY[Math.abs(distance)] : 0;
  }

  @Test
  void anImpulseBecomesRisesKernel() {
    HostTensor input = HostTensor.zeros(Shape.of(1, 15, 13));
    input.data()[7 * 13 + 6] = 1;
    float[] blurred = GaussianBlur.apply(input);
    for (int y = 0; y < 15; y++) {
      for (int x = 0; x < 13; x++) {
        assertThat((double) blurred[y * 13 + x])
            .isCloseTo(tap(y - 7) * tap(x - 6), within(ROUNDING));
      }
    }
  }

  @Test
  void thereAreZerosOutsideOfThePicture() {
    HostTensor ones = FixedMaps.uniform(20, 20);
    float[] blurred = GaussianBlur.apply(ones);
    double half = (1 + tap(0)) / 2; // the taps sum to 1
    assertThat((double) blurred[10 * 20 + 10]).isCloseTo(1, within(ROUNDING));
    assertThat((double) blurred[10 * 20]).isCloseTo(half, within(ROUNDING));
    assertThat((double) blurred[0]).isCloseTo(half * half, within(ROUNDING));
    assertThat((double) blurred[399]).isCloseTo(half * half, within(ROUNDING));
    assertThat(ones.data()).containsOnly(1);
  }

  @ParameterizedTest
  @CsvSource({"3, 17, 23", "2, 1, 9", "2, 9, 1", "1, 4, 6", "1, 1, 1", "2, 30, 11"})
  void equalsTheConvolutionInTwoDimensions(int channels, int height, int width) {
    HostTensor input = HostTensor.zeros(Shape.of(1, channels, height, width));
    Random random = new Random(channels * 1000L + height * 100L + width);
    for (int e = 0; e < input.data().length; e++) {
      input.data()[e] = 2 * random.nextFloat() - 1;
    }

    float[] blurred = GaussianBlur.apply(input);

    assertThat(blurred).hasSize(input.data().length);
    for (int e = 0; e < blurred.length; e++) {
      int plane = e / (height * width);
      int y = e / width % height;
      int x = e % width;
      double sum = 0;
      for (int v = Math.max(0, y - 5); v < Math.min(height, y + 6); v++) {
        for (int u = Math.max(0, x - 5); u < Math.min(width, x + 6); u++) {
          sum += tap(v - y) * tap(u - x) * input.data()[(plane * height + v) * width + u];
        }
      }
      assertThat((double) blurred[e]).isCloseTo(sum, within(ROUNDING));
    }
  }

  @Test
  void theListedTapsSumToOne() {
    assertThat(2 * Arrays.stream(SCIPY).sum() - SCIPY[0]).isCloseTo(1, within(1e-7));
  }
}
