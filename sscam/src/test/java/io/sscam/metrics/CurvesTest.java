package io.sscam.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deletion, insertion, masking and correlation, by hand and against slow plain code. */
class CurvesTest {

  private static HostTensor random(long seed, int... dims) {
    Random random = new Random(seed);
    HostTensor tensor = HostTensor.zeros(Shape.of(dims));
    for (int e = 0; e < tensor.data().length; e++) {
      tensor.data()[e] = random.nextFloat();
    }
    return tensor;
  }

  /** Ten by ten pixels of 1: deletion leaves 99, 98 … of them, whatever the order. */
  @Test
  void theCurveIsTheScoreAfterEachStep() {
    float[] ones = new float[100];
    Arrays.fill(ones, 1);
    HostTensor input = new HostTensor(Shape.of(1, 1, 10, 10), ones);
    PerturbationCurve.Scorer mean =
        (inputs, count) ->
            IntStream.range(0, count)
                .mapToDouble(i -> sum(inputs, i * 100, (i + 1) * 100) / 100)
                .toArray();
    double[] curve = PerturbationCurve.deletion(input, random(1, 10, 10)).probabilities(mean, 7);
    for (int step = 0; step <= 100; step++) {
      assertThat(curve[step]).isCloseTo(1 - step / 100.0, within(1e-6));
    }
    assertThat(PerturbationCurve.area(curve)).isCloseTo(0.5, within(1e-6));
  }

  private static double sum(float[] values, int from, int to) {
    double sum = 0;
    for (int e = from; e < to; e++) {
      sum += values[e];
    }
    return sum;
  }

  @Test
  void areasByHand() {
    assertThat(PerturbationCurve.area(new double[] {1, 1, 1})).isEqualTo(1);
    assertThat(PerturbationCurve.area(new double[] {0, 1})).isEqualTo(0.5);
    assertThat(PerturbationCurve.area(new double[] {1, 0, 0})).isEqualTo(0.25);
  }

  /** Every step made anew: a pixel is exchanged if fewer than so many come before it. */
  @ParameterizedTest
  @ValueSource(ints = {1, 13, 32, 200})
  void equalsMakingEachStepAnew(int batch) {
    int pixels = 17 * 9;
    HostTensor input = random(2, 1, 3, 17, 9);
    HostTensor heatmap = random(3, 17, 9);
    heatmap.data()[5] = heatmap.data()[100]; // a tie, which falls to the earlier pixel
    double[] weights = new Random(4).doubles(3L * pixels, -1, 1).toArray();
    PerturbationCurve.Scorer scorer =
        (inputs, count) -> {
          double[] scores = new double[count];
          for (int i = 0; i < count; i++) {
            for (int e = 0; e < weights.length; e++) {
              scores[i] += weights[e] * inputs[i * weights.length + e];
            }
          }
          return scores;
        };
    float[] blurred = blur(input, 17, 9);
    double[] deletion = PerturbationCurve.deletion(input, heatmap).probabilities(scorer, batch);
    double[] insertion = PerturbationCurve.insertion(input, heatmap).probabilities(scorer, batch);
    for (int step = 0; step <= 100; step++) {
      double deleted = 0;
      double inserted = 0;
      for (int e = 0; e < weights.length; e++) {
        boolean exchanged = before(heatmap.data(), e % pixels) < (long) pixels * step / 100;
        deleted += weights[e] * (exchanged ? 0 : input.data()[e]);
        inserted += weights[e] * (exchanged ? input.data()[e] : blurred[e]);
      }
      assertThat(deletion[step]).isCloseTo(deleted, within(1e-6));
      assertThat(insertion[step]).isCloseTo(inserted, within(1e-4));
    }
  }

  private static long before(float[] heatmap, int pixel) {
    return IntStream.range(0, heatmap.length)
        .filter(
            other ->
                heatmap[other] > heatmap[pixel]
                    || (heatmap[other] == heatmap[pixel] && other < pixel))
        .count();
  }

  /** In two dimensions at once. */
  private static float[] blur(HostTensor input, int height, int width) {
    double norm = 0;
    for (int d = -5; d <= 5; d++) {
      norm += Math.exp(-d * d / 50.0);
    }
    float[] result = new float[input.data().length];
    for (int e = 0; e < result.length; e++) {
      int plane = e / (height * width);
      int y = e / width % height;
      int x = e % width;
      double sum = 0;
      for (int v = Math.max(0, y - 5); v <= Math.min(height - 1, y + 5); v++) {
        for (int u = Math.max(0, x - 5); u <= Math.min(width - 1, x + 5); u++) {
          double weight = Math.exp(-((v - y) * (v - y) + (u - x) * (u - x)) / 50.0);
          sum += weight * input.data()[(plane * height + v) * width + u];
        }
      }
      result[e] = (float) (sum / (norm * norm));
    }
    return result;
  }

  @Test
  void maskingMultipliesEveryChannel() {
    HostTensor input = new HostTensor(Shape.of(1, 2, 1, 2), new float[] {1, 2, 3, 4});
    HostTensor heatmap = new HostTensor(Shape.of(1, 2), new float[] {0.5f, 0});
    assertThat(Masking.explained(input, heatmap).data()).containsExactly(0.5f, 0, 1.5f, 0);
    assertThat(Masking.complexity(heatmap)).isEqualTo(0.25);
    assertThatThrownBy(() -> Masking.explained(input, HostTensor.zeros(Shape.of(3, 1))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void correlationsByHand() {
    double[] a = {1, 2, 3, 4};
    assertThat(Correlation.pearson(a, new double[] {2, 4, 6, 8})).isCloseTo(1, within(1e-12));
    assertThat(Correlation.spearman(a, new double[] {1, 10, 100, 1000}))
        .isCloseTo(1, within(1e-12));
    assertThat(Correlation.spearman(a, new double[] {9, 5, 3, 1})).isCloseTo(-1, within(1e-12));
    // ranks 0.5 0.5 2 3 against 0 1 2 3
    assertThat(Correlation.spearman(new double[] {7, 7, 8, 9}, a))
        .isCloseTo(4.5 / Math.sqrt(4.5 * 5), within(1e-12));
    assertThat(Correlation.pearson(a, new double[4])).isNaN();
    assertThatThrownBy(() -> Correlation.pearson(a, new double[3])).hasMessageContaining("pair");
  }

  @Test
  void fixedMaps() {
    assertThat(FixedMaps.uniform(2, 3).data()).containsOnly(1f).hasSize(6);
    float[] gaussian = FixedMaps.centredGaussian(5, 9).data();
    assertThat(gaussian[2 * 9 + 4]).isEqualTo(1);
    for (int e = 0; e < gaussian.length; e++) {
      assertThat(gaussian[e]).isEqualTo(gaussian[gaussian.length - 1 - e]);
    }
    // a quarter of the height above the middle is one σ
    assertThat((double) FixedMaps.centredGaussian(8, 1).data()[0])
        .isCloseTo(
            Math.exp(-Math.pow(3.5 / 8 / 0.25, 2) / 2 + Math.pow(0.5 / 8 / 0.25, 2) / 2),
            within(1e-6));
  }
}
