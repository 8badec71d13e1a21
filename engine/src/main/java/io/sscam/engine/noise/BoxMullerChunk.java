package io.sscam.engine.noise;

import static io.sscam.engine.noise.PhiloxChunk.BITS_OF_2_POW_52;
import static io.sscam.engine.noise.PhiloxChunk.COUNTERS;
import static io.sscam.engine.noise.PhiloxChunk.PADDING;

import java.util.List;

/**
 * Box and Muller's normals from one {@link PhiloxChunk}, to 0.51 ulp of float32.
 *
 * <p>A pair of words (r, r') gives u = ((r ≫ 8) + 1)·2⁻²⁴ ∈ (0, 1] and v = (r' ≫ 8)·2⁻²⁴ ∈ [0, 1),
 * and with ρ = √(−2 ln u) the normals ρ cos 2πv and ρ sin 2πv. All arithmetic is IEEE double in
 * plain loops that C2 vectorises; only the conversions to and from double are scalar (JDK 17
 * vectorises none). The formulas have no branch and no table:
 *
 * <ul>
 *   <li>Cosine and sine, with w = v − ½ and t = w², so that t and the factors in front are exact:
 *       cos 2πv = (1/16 − t)·C(t) and sin 2πv = w·(1/4 − t)·S(t). The factors carry the zeros, so
 *       the relative error stays small beside them and the zeros themselves are exact.
 *   <li>Logarithm: the bits of the double m = (r ≫ 8) + 1, read as an integer, are (e + f)·2⁵² for
 *       m = 2ᵉ(1 + f), save for the bias. With s = e + f − 24, k = ⌈s⌉ and q = s − k ∈ (−1, 0], u =
 *       2ᵏ(1 + q/2), so −2 ln u = −2k ln 2 + q·L(q). Both terms are ≥ 0: nothing cancels near u =
 *       1, and u = 1 gives exactly 0.
 * </ul>
 *
 * <p>C, S and L are minimax polynomials of the relative error, found with the Remez exchange in
 * 40-digit arithmetic; their errors are 1.9e-10, 3.7e-11 and 5.6e-10, against 6e-8 for half an ulp
 * of float32. No fused multiply-add: without the hardware for it {@code Math.fma} is very slow.
 *
 * <p>Formula: Box and Muller, "A Note on the Generation of Random Normal Deviates", 1958. Not
 * thread-safe.
 */
final class BoxMullerChunk {
  private static final int PAIRS = 2 * COUNTERS;

  private static final double C0 = -15.999999996917966;
  private static final double C1 = 59.82733977787706;
  private static final double C2 = -81.79278969812019;
  private static final double C3 = 58.62209374228783;
  private static final double C4 = -25.92416960588265;
  private static final double C5 = 7.714420913129904;
  private static final double C6 = -1.4600894575078243;

  private static final double S0 = -25.132741227776805;
  private static final double S1 = 64.83584370808852;
  private static final double S2 = -67.077600564762;
  private static final double S3 = 38.51248928080057;
  private static final double S4 = -14.177809221807712;
  private static final double S5 = 3.6172523042067457;
  private static final double S6 = -0.6075575123808602;

  private static final double L0 = -1.0000000005554128;
  private static final double L1 = 0.24999986889594936;
  private static final double L2 = -0.08333842433987709;
  private static final double L3 = 0.03117336336208393;
  private static final double L4 = -0.013086917955738311;
  private static final double L5 = 0.0026148417507169622;
  private static final double L6 = -0.009264307807136074;
  private static final double L7 = -0.01097425779717644;
  private static final double L8 = -0.012956417495278724;
  private static final double L9 = -0.007324615491350641;
  private static final double L10 = -0.0021590914762586217;

  private static final double MINUS_TWO_LN_2 = -1.3862943611198906;

  /** What becomes s = 0: 2⁵², the exponent's bias and the exponent of u's denominator. */
  private static final double ORIGIN = 0x1p52 + (1023 + 24) * 0x1p23;

  private final long[] bits = new long[PAIRS + PADDING];
  private final double[] radii = scratch();
  private final double[] turns = scratch();
  private final double[] cosines = scratch();
  private final double[] sines = scratch();

  private static double[] scratch() {
    return new double[PAIRS + PADDING];
  }

  /**
   * Adds the passes that write the normals of all counters of {@code words}, four to a counter.
   *
   * @param normals of length 4·{@value PhiloxChunk#COUNTERS}
   */
  void addPasses(List<Pass> passes, PhiloxChunk words, float[] normals) {
    passes.add(() -> turns(words.angle, turns));
    passes.add(() -> doubleBits(words.radius, bits));
    passes.add(() -> exponentAndFraction(bits));
    passes.add(() -> reinterpret(bits, radii));
    passes.add(() -> radii(radii));
    passes.add(() -> cosines(turns, radii, cosines));
    passes.add(() -> sines(turns, radii, sines));
    passes.add(() -> interleave(cosines, sines, normals));
  }

  /** w·2²⁴ = (v − ½)·2²⁴. */
  private static void turns(long[] angles, double[] turns) {
    for (int j = 0; j < PAIRS; j++) {
      turns[j] = Double.longBitsToDouble(angles[j]) - (0x1p52 + 0x1p23);
    }
  }

  private static void doubleBits(long[] integers, long[] bits) {
    for (int j = 0; j < PAIRS; j++) {
      bits[j] = Double.doubleToRawLongBits((double) integers[j]);
    }
  }

  /** From the bits of m to the bits of 2⁵² + (1023 + e + f)·2²³; f has no more than 23 bits. */
  private static void exponentAndFraction(long[] bits) {
    for (int j = 0; j < PAIRS; j++) {
      bits[j] = (bits[j] >>> 29) | BITS_OF_2_POW_52;
    }
  }

  private static void reinterpret(long[] bits, double[] values) {
    for (int j = 0; j < PAIRS; j++) {
      values[j] = Double.longBitsToDouble(bits[j]);
    }
  }

  /** In place: from 2⁵² + (1023 + e + f)·2²³ to ρ. */
  private static void radii(double[] values) {
    for (int j = 0; j < PAIRS; j++) {
      double s = (values[j] - ORIGIN) * 0x1p-23;
      double k = Math.ceil(s);
      double q = s - k;
      double high = L6 + q * (L7 + q * (L8 + q * (L9 + q * L10)));
      double poly = L0 + q * (L1 + q * (L2 + q * (L3 + q * (L4 + q * (L5 + q * high)))));
      values[j] = Math.sqrt(k * MINUS_TWO_LN_2 + q * poly);
    }
  }

  private static void cosines(double[] turns, double[] radii, double[] cosines) {
    for (int j = 0; j < PAIRS; j++) {
      double w = turns[j] * 0x1p-24;
      double t = w * w;
      double poly = C0 + t * (C1 + t * (C2 + t * (C3 + t * (C4 + t * (C5 + t * C6)))));
      cosines[j] = radii[j] * ((0.0625 - t) * poly);
    }
  }

  private static void sines(double[] turns, double[] radii, double[] sines) {
    for (int j = 0; j < PAIRS; j++) {
      double w = turns[j] * 0x1p-24;
      double t = w * w;
      double poly = S0 + t * (S1 + t * (S2 + t * (S3 + t * (S4 + t * (S5 + t * S6)))));
      sines[j] = radii[j] * (w * ((0.25 - t) * poly));
    }
  }

  private static void interleave(double[] cosines, double[] sines, float[] normals) {
    for (int j = 0; j < COUNTERS; j++) {
      normals[4 * j] = (float) cosines[j];
      normals[4 * j + 1] = (float) sines[j];
      normals[4 * j + 2] = (float) cosines[COUNTERS + j];
      normals[4 * j + 3] = (float) sines[COUNTERS + j];
    }
  }
}
