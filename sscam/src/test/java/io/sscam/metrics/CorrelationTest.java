package io.sscam.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CorrelationTest {
  private static final double ROUNDING = 1e-12;

  private static double[] of(double... values) {
    return values;
  }

  @Test
  void linesCorrelateFully() {
    assertThat(Correlation.pearson(of(1, 2, 3), of(10, 20, 30))).isCloseTo(1, within(ROUNDING));
    assertThat(Correlation.pearson(of(1, 2, 3), of(6, 4, 2))).isCloseTo(-1, within(ROUNDING));
    assertThat(Correlation.pearson(of(1, 2, 3), of(1, 0, 1))).isCloseTo(0, within(ROUNDING));
    // deviations (−1, 0, 1) and (−1, 1, 0): 1 / √2·√2
    assertThat(Correlation.pearson(of(1, 2, 3), of(0, 2, 1))).isCloseTo(0.5, within(ROUNDING));
  }

  @Test
  void ranksForgetTheDistances() {
    double[] values = of(1, 2, 3, 4);
    assertThat(Correlation.spearman(values, of(1, 10, 100, 1e6))).isCloseTo(1, within(ROUNDING));
    assertThat(Correlation.spearman(values, of(7, 5, 3, -1))).isCloseTo(-1, within(ROUNDING));
    // 1 − 6 Σd² / (n (n² − 1)), Σd² = 2
    assertThat(Correlation.spearman(values, of(1, 3, 2, 4))).isCloseTo(0.8, within(ROUNDING));
  }

  @Test
  void equalValuesShareTheirMeanRank() {
    // ranks 0, 1.5, 1.5, 3 and 0, 1, 2, 3: 4.5 / √(4.5 · 5)
    assertThat(Correlation.spearman(of(1, 2, 2, 3), of(1, 2, 3, 4)))
        .isCloseTo(Math.sqrt(0.9), within(ROUNDING));
    assertThat(Correlation.spearman(of(0.0, -0.0, 1), of(5, 5, 6))).isCloseTo(1, within(ROUNDING));
  }

  @Test
  void aConstantCorrelatesWithNothing() {
    double[] rising = of(1, 2, 3);
    for (double value : of(0, 1, 0.1, -1e-300, 1e300)) {
      double[] constant = of(value, value, value);
      assertThat(Correlation.pearson(constant, rising)).isNaN();
      assertThat(Correlation.pearson(rising, constant)).isNaN();
      assertThat(Correlation.spearman(constant, rising)).isNaN();
      assertThat(Correlation.spearman(constant, constant)).isNaN();
    }
    assertThat(Correlation.pearson(of(1), of(2))).isNaN();
  }

  @Test
  void notANumberStaysSo() {
    double[] broken = of(1, Double.NaN, 3);
    assertThat(Correlation.pearson(broken, of(1, 2, 3))).isNaN();
    assertThat(Correlation.spearman(broken, of(1, 2, 3))).isNaN();
    assertThat(Correlation.spearman(of(1, 2, 3), broken)).isNaN();
  }

  @Test
  void infinityIsARankLikeAnother() {
    double[] wide = of(Double.NEGATIVE_INFINITY, 0, Double.POSITIVE_INFINITY);
    assertThat(Correlation.spearman(wide, of(1, 2, 3))).isCloseTo(1, within(ROUNDING));
  }

  @Test
  void mapsOfOtherSizesAreRefused() {
    assertThatThrownBy(() -> Correlation.pearson(of(1, 2), of(1, 2, 3)))
        .hasMessage("2 and 3 values do not pair");
    assertThatThrownBy(() -> Correlation.spearman(of(), of()))
        .hasMessage("0 and 0 values do not pair");
  }

  /** Integers, so that those of few kinds are often equal and all sums are exact. */
  private static double[] values(Random random, int count, int kinds) {
    return random.ints(count, 0, kinds).asDoubleStream().toArray();
  }

  @Property(tries = 500)
  void equalsThePlainDefinition(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int count,
      @ForAll @IntRange(min = 1, max = 20) int kinds) {
    Random random = new Random(seed);
    double[] a = values(random, count, kinds);
    double[] b = values(random, count, kinds);
    same(Correlation.pearson(a, b), pairs(a, b));
    same(Correlation.spearman(a, b), pairs(ranks(a), ranks(b)));
  }

  private static void same(double actual, double expected) {
    if (Double.isNaN(expected)) {
      assertThat(actual).isNaN();
    } else {
      assertThat(actual).isCloseTo(expected, within(ROUNDING));
    }
  }

  /** Without means: Σ over all pairs (i, j) of (aᵢ − aⱼ)(bᵢ − bⱼ), exact for small integers. */
  private static double pairs(double[] a, double[] b) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a.length; j++) {
        ab += (a[i] - a[j]) * (b[i] - b[j]);
        aa += (a[i] - a[j]) * (a[i] - a[j]);
        bb += (b[i] - b[j]) * (b[i] - b[j]);
      }
    }
    return ab / Math.sqrt(aa * bb); // 0 / 0 if one is constant
  }

  private static double[] ranks(double[] values) {
    return Arrays.stream(values)
        .map(
            value -> {
              long less = Arrays.stream(values).filter(other -> other < value).count();
              long equal = Arrays.stream(values).filter(other -> other == value).count();
              return less + (equal - 1) / 2.0;
            })
        .toArray();
  }

  @Property(tries = 500)
  void lawsOfACorrelation(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 50) int count, @ForAll boolean ties) {
    Random random = new Random(seed);
    int kinds = ties ? 4 : 1 << 20;
    double[] a = values(random, count, kinds);
    double[] b = values(random, count, kinds);
    double r = Correlation.pearson(a, b);
    double rho = Correlation.spearman(a, b);
    Assume.that(!Double.isNaN(r));

    assertThat(r).isBetween(-1.0, 1.0);
    assertThat(rho).isBetween(-1.0, 1.0);
    assertThat(Correlation.pearson(b, a)).isEqualTo(r);
    assertThat(Correlation.spearman(a, a)).isCloseTo(1, within(ROUNDING));
    double[] shifted = Arrays.stream(a).map(value -> 3 * value - 7).toArray();
    assertThat(Correlation.pearson(shifted, b)).isCloseTo(r, within(ROUNDING));
    double[] turned = Arrays.stream(a).map(value -> -value).toArray();
    assertThat(Correlation.pearson(turned, b)).isCloseTo(-r, within(ROUNDING));
    assertThat(Correlation.spearman(turned, b)).isCloseTo(-rho, within(ROUNDING));
    double[] bent = Arrays.stream(a).map(value -> value * value * value).toArray();
    assertThat(Correlation.spearman(bent, b)).isEqualTo(rho);

    List<Integer> order = new ArrayList<>(IntStream.range(0, count).boxed().toList());
    Collections.shuffle(order, random);
    double[] mixedA = order.stream().mapToDouble(i -> a[i]).toArray();
    double[] mixedB = order.stream().mapToDouble(i -> b[i]).toArray();
    assertThat(Correlation.pearson(mixedA, mixedB)).isCloseTo(r, within(ROUNDING));
    assertThat(Correlation.spearman(mixedA, mixedB)).isCloseTo(rho, within(ROUNDING));
  }
}
