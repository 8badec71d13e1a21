package io.sscam.engine.noise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The normals of chosen words, at every place where the formulas change or lose digits. */
class BoxMullerChunkTest {
  private static final int RANGE = 1 << 24;
  private static final int PAIRS = 2 * PhiloxChunk.COUNTERS;

  private final NoiseScratch scratch = new NoiseScratch();
  private final float[] normals = new float[2 * PAIRS];
  private final List<Pass> passes = new ArrayList<>();
  private double worst;

  BoxMullerChunkTest() {
    new BoxMullerChunk(scratch).addPasses(passes);
  }

  @Test
  void radiusOneGivesExactlyZero() {
    check(new int[] {RANGE}, IntStream.range(0, PAIRS).map(j -> j * (RANGE / PAIRS)).toArray());
    for (float z : normals) {
      assertThat(z).isZero();
    }
  }

  @Test
  void zerosOfCosineAndSineAreExact() {
    check(new int[] {1}, new int[] {0, RANGE / 4, RANGE / 2, 3 * (RANGE / 4)});
    float most = (float) ExactNormal.radius(1);
    assertThat(most).isGreaterThan(5.7f);
    for (int j = 0; j < 4; j++) {
      assertThat(normals[4 * j + (j & 1)]).isEqualTo(j < 2 ? most : -most);
      assertThat(normals[4 * j + 1 - (j & 1)]).isZero();
    }
  }

  @Test
  void everyEighthOfATurnAndItsNeighbours() {
    int[] turns =
        IntStream.range(0, 8)
            .flatMap(eighth -> IntStream.rangeClosed(-2000, 2000).map(d -> (eighth << 21) + d))
            .map(turn -> turn & (RANGE - 1))
            .toArray();
    check(new int[] {1, 2, 3, RANGE / 2, RANGE - 1, 12_345_678}, turns);
    assertThat(worst).isLessThan(1);
  }

  @Test
  void everyPowerOfTwoAndBothEndsOfTheRadius() {
    int[] radii =
        IntStream.concat(
                IntStream.range(0, 25)
                    .flatMap(e -> IntStream.rangeClosed(-300, 300).map(d -> (1 << e) + d)),
                IntStream.concat(
                    IntStream.rangeClosed(1, 5000), IntStream.rangeClosed(RANGE - 5000, RANGE)))
            .filter(m -> m >= 1 && m <= RANGE)
            .toArray();
    check(radii, new int[] {1, RANGE / 8, RANGE / 4 - 1, RANGE / 2 + 1, 11_184_811});
    assertThat(worst).isLessThan(1);
  }

  /** All 2²⁴ turns would take seconds; a stride prime to the powers of two meets every region. */
  @Test
  void sweepsOfTurnAndRadius() {
    check(new int[] {9_000_001}, IntStream.range(0, RANGE / 13).map(j -> 13 * j).toArray());
    check(IntStream.range(0, RANGE / 13).map(j -> 13 * j + 1).toArray(), new int[] {1_000_003});
    assertThat(worst).isLessThan(1);
  }

  /** Runs all pairs of a radius and a turn through the chunk. */
  private void check(int[] radii, int[] turns) {
    long pairs = (long) radii.length * turns.length;
    int[] radius = new int[PAIRS];
    int[] angle = new int[PAIRS];
    for (long start = 0; start < pairs; start += PAIRS) {
      for (int j = 0; j < PAIRS; j++) {
        long pair = (start + j) % pairs;
        // Pair j of the test is lanes 0 and 1 of counter j, or lanes 2 and 3 in the second half.
        radius[j] = radii[(int) (pair / turns.length)];
        angle[j] = turns[(int) (pair % turns.length)];
        scratch.longs.put(radiusPlace(j), radius[j] | PhiloxChunk.BITS_OF_2_POW_52);
        scratch.longs.put(anglePlace(j), angle[j] | PhiloxChunk.BITS_OF_2_POW_28);
      }
      passes.forEach(Pass::run);
      scratch.floats.get(NoiseScratch.NORMALS, normals);
      for (int j = 0; j < PAIRS; j++) {
        compare(j, radius[j], angle[j]);
      }
    }
  }

  private static int radiusPlace(int pair) {
    int counter = pair % PhiloxChunk.COUNTERS;
    return (pair < PhiloxChunk.COUNTERS ? NoiseScratch.D : NoiseScratch.C) + counter;
  }

  private static int anglePlace(int pair) {
    int counter = pair % PhiloxChunk.COUNTERS;
    return (pair < PhiloxChunk.COUNTERS ? NoiseScratch.B : NoiseScratch.A) + counter;
  }

  private void compare(int pair, int radius, int turn) {
    int at = 4 * (pair % PhiloxChunk.COUNTERS) + 2 * (pair / PhiloxChunk.COUNTERS);
    double rho = ExactNormal.radius(radius);
    double cosine = ExactNormal.ulps(normals[at], rho * ExactNormal.cosine(turn));
    double sine = ExactNormal.ulps(normals[at + 1], rho * ExactNormal.sine(turn));
    worst = Math.max(worst, Math.max(cosine, sine));
    if (worst > 2) {
      throw new AssertionError(worst + " ulp at radius " + radius + ", turn " + turn);
    }
  }
}
