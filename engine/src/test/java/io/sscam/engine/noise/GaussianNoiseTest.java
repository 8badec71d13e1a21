package io.sscam.engine.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;

class GaussianNoiseTest {
  private static final int PICTURE = 3 * 224 * 224;

  private static final float[] KNOWN = {
    0.57841086f,
    1.7074454f,
    -0.34338188f,
    0.29909173f,
    0.82472855f,
    -0.17193736f,
    -1.3891253f,
    -0.87746894f
  };

  private final GaussianNoise noise = new GaussianNoise();

  /** Computed from the definition outside this project (Python, 50 digits). */
  @Example
  void knownNormals() {
    float[] z = new float[8];
    noise.fill(z, 0, 8, -42L, 511, 9, 150_000);
    assertThat(z).containsExactly(KNOWN);
  }

  @Example
  void millionsOfElementsAreWithinTwoUlps() {
    Random random = new Random(20_260_101);
    float[] z = new float[PICTURE];
    double worst = 0;
    for (int run = 0; run < 20; run++) {
      long seed = random.nextLong();
      int channel = random.nextInt(512);
      int sample = random.nextInt(35);
      noise.fill(z, 0, PICTURE, seed, channel, sample, run);
      for (int e = 0; e < PICTURE; e++) {
        double exact = ExactNormal.of(seed, channel, sample, run + e);
        worst = Math.max(worst, ExactNormal.ulps(z[e], exact));
      }
    }
    System.out.printf("largest error of %d normals: %.4f ulp%n", 20 * PICTURE, worst);
    assertThat(worst).isLessThanOrEqualTo(2);
  }

  @Example
  void momentsAreThoseOfTheNormalDistribution() {
    int n = 4_000_000;
    float[] z = new float[n];
    noise.fill(z, 0, n, 1L, 0, 0, 0);
    double[] sums = new double[5];
    double lagged = 0;
    for (int j = 0; j < n; j++) {
      double power = 1;
      for (int p = 1; p <= 4; p++) {
        power *= z[j];
        sums[p] += power;
      }
      lagged += j == 0 ? 0 : z[j] * z[j - 1];
    }
    // Five standard errors each: 1, √2, √15, √96 and 1, over √n.
    double error = 5 / Math.sqrt(n);
    assertThat(sums[1] / n).isCloseTo(0, within(error));
    assertThat(sums[2] / n).isCloseTo(1, within(error * Math.sqrt(2)));
    assertThat(sums[3] / n).isCloseTo(0, within(error * Math.sqrt(15)));
    assertThat(sums[4] / n).isCloseTo(3, within(error * Math.sqrt(96)));
    assertThat(lagged / n).isCloseTo(0, within(error));
  }

  @Property(tries = 200)
  void piecesEqualTheWhole(
      @ForAll long seed,
      @ForAll @IntRange(max = 2_000_000) int first,
      @ForAll @IntRange(max = 9000) int count,
      @ForAll @IntRange(max = 9000) int cut,
      @ForAll @IntRange(max = 70) int offset) {
    int head = Math.min(cut, count);
    float[] whole = new float[offset + count + 3];
    float[] pieces = whole.clone();
    noise.fill(whole, offset, count, seed, 3, 5, first);
    noise.fill(pieces, offset + head, count - head, seed, 3, 5, first + head);
    new GaussianNoise().fill(pieces, offset, head, seed, 3, 5, first);
    assertThat(pieces).containsExactly(whole);
    assertThat(Arrays.copyOf(whole, offset)).containsExactly(new float[offset]);
    assertThat(Arrays.copyOfRange(whole, offset + count, whole.length)).containsExactly(0, 0, 0);
  }

  @Property(tries = 100)
  void addScaledIsBasePlusTauTimesNormal(
      @ForAll long seed,
      @ForAll @FloatRange(min = -3, max = 3) float tau,
      @ForAll @IntRange(max = 5000) int first,
      @ForAll @IntRange(max = 9000) int count,
      @ForAll @IntRange(max = 3) int samples) {
    float[] base = new float[count + 2];
    noise.fill(base, 0, count + 2, ~seed, 0, 0, 0);
    int stride = count + 2;
    float[] expected = new float[samples * stride + 1];
    float[] z = new float[count];
    for (int i = 0; i < samples; i++) {
      noise.fill(z, 0, count, seed, 7, 8 + i, first);
      for (int j = 0; j < count; j++) {
        expected[1 + i * stride + j] = base[j] + tau * z[j];
      }
    }
    FloatBuffer sum = FloatBuffer.allocate(samples * stride + 1).position(1);
    noise.addScaled(base, count, tau, new Samples(seed, 7, 8, samples), first, sum, stride);
    assertThat(sum.position()).isEqualTo(1);
    assertThat(sum.array()).containsExactly(expected);
  }

  @Example
  void lastElementOfAll() {
    float[] z = new float[3];
    noise.fill(z, 0, 3, 5L, 1, 1, Integer.MAX_VALUE - 3);
    for (int j = 0; j < 3; j++) {
      double exact = ExactNormal.of(5L, 1, 1, Integer.MAX_VALUE - 3 + j);
      assertThat(ExactNormal.ulps(z[j], exact)).isLessThan(1);
    }
  }

  @Example
  void rejectsRangesOutsideTheArrayOrTheElements() {
    float[] z = new float[8];
    assertThatThrownBy(() -> noise.fill(z, 4, 5, 0, 0, 0, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> noise.fill(z, 0, -1, 0, 0, 0, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> noise.fill(z, 0, 8, 0, 0, 0, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
    assertThatThrownBy(() -> noise.fill(z, 0, 8, 0, 0, 0, Integer.MAX_VALUE - 7))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Example
  void sumsThatDoNotFitAreRefusedBeforeAnyIsWritten() {
    float[] base = {1, 2, 3, 4, 5, 6, 7, 8};
    Samples two = new Samples(0, 0, 0, 2);
    FloatBuffer sums = FloatBuffer.allocate(15);
    assertThatThrownBy(() -> noise.addScaled(base, 9, 1f, two, 0, sums, 9))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> noise.addScaled(base, 8, 1f, two, 0, sums, 8))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> noise.addScaled(base, 8, 1f, two, 0, sums, Integer.MAX_VALUE))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> noise.addScaled(base, 7, 1f, two, 0, sums, 6))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("6");
    assertThatThrownBy(() -> noise.addScaled(base, 7, 1f, two, -1, sums, 7))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
    assertThatThrownBy(() -> noise.addScaled(base, 7, 1f, two, Integer.MAX_VALUE - 6, sums, 7))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(sums.array()).containsOnly(0);
  }
}
