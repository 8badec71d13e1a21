package io.sscam.engine.noise;

import java.nio.DoubleBuffer;
import java.nio.LongBuffer;
import java.util.List;

/**
 * Box and Muller's normals from one {@link PhiloxChunk}, to 0.8 ulp of float32.
 *
 * <p>A pair of words (r, r') gives u = ((r ≫ 8) + 1)·2⁻²⁴ ∈ (0, 1] and v = (r' ≫ 8)·2⁻²⁴ ∈ [0, 1),
 * and with ρ = √(−2 ln u) the normals ρ cos 2πv and ρ sin 2πv. All arithmetic is IEEE double in
 * plain loops that C2 vectorises. It vectorises no conversion, so none is asked for: doubles are
 * seen as integers where their bits are needed, and an integer becomes a number of the wanted scale
 * by the exponent that is put above its bits. The formulas have no branch and no table:
 *
 * <ul>
 *   <li>Cosine and sine, with w = v − ½ and t = w², so that t and the factors in front are exact:
 *       cos 2πv = (1/16 − t)·C(t) and sin 2πv = w·(1/4 − t)·S(t). The factors carry the zeros, so
 *       the relative error stays small beside them and the zeros themselves are exact.
 *   <li>Logarithm: the bits of the double m = (r ≫ 8) + 1, read as an integer, are (e + f)·2⁵² for
 *       m = 2ᵉ(1 + f), save for the bias. With s = e + f − 24, k = ⌈s⌉ and q = s − k ∈ (−1, 0], u =
 *       2ᵏ(1 + q/2), so −2 ln u = −2k ln 2 + q·L(q). Both terms are ≥ 0: nothing cancels near u =
 *       1, and u = 1 gives exactly 0.
 *   <li>Floats: normals are made smaller by 2⁻⁸⁹⁶, the difference of the exponents' biases, which
 *       sits in the coefficients of C and S, so that the bits of a float are those of the double,
 *       rounded and shifted; zero is no special case.
 * </ul>
 *
 * <p>C, S and L are minimax polynomials of the relative error, found with the Remez exchange in
 * 40-digit arithmetic; their errors are 1.9e-10, 4.0e-9 and 2.3e-8 (halved by the root), against
 * 6e-8 for an ulp of float32 at most. They are summed in pairs, by Horner's rule in the square,
 * which halves the chain, and by fused multiply-add where that is an instruction ({@link
 * VectorUnit}).
 *
 * <p>Formula: Box and Muller, "A Note on the Generation of Random Normal Deviates", 1958. Not
 * thread-safe.
 */
final class BoxMullerChunk {
  /** The bias of a float's exponent is 127, that of a double's 1023. */
  private static final double BIAS = 0x1p-896;

  private static final double C0 = BIAS * -15.999999996917966;
  private static final double C1 = BIAS * 59.82733977787706;
  private static final double C2 = BIAS * -81.79278969812019;
  private static final double C3 = BIAS * 58.62209374228783;
  private static final double C4 = BIAS * -25.92416960588265;
  private static final double C5 = BIAS * 7.714420913129904;
  private static final double C6 = BIAS * -1.4600894575078243;

  private static final double S0 = BIAS * -25.132741126956144;
  private static final double S1 = BIAS * 64.83581747715368;
  private static final double S2 = BIAS * -67.07646134938791;
  private static final double S3 = BIAS * 38.494066258028255;
  private static final double S4 = BIAS * -14.041534110413021;
  private static final double S5 = BIAS * 3.1487855242285696;

  private static final double L0 = -1.000000022729615;
  private static final double L1 = 0.24999642627220106;
  private static final double L2 = -0.08342515373683924;
  private static final double L3 = 0.03035063456643986;
  private static final double L4 = -0.016850797863029194;
  private static final double L5 = -0.006360593583239035;
  private static final double L6 = -0.01965109182086934;
  private static final double L7 = -0.01324853175046507;
  private static final double L8 = -0.00562932795466357;

  private static final double MINUS_TWO_LN_2 = -1.3862943611198906;

  /** Above an integer below 2⁵², gives the bits of the double 2²⁹ + that integer · 2⁻²³. */
  private static final long BITS_OF_2_POW_29 = 0x41C0_0000_0000_0000L;

  /** What becomes s = 0: 2²⁹, the exponent's bias and the exponent of u's denominator. */
  private static final double ORIGIN = 0x1p29 + (1023 + 24);

  /** What becomes w = 0. */
  private static final double HALF_TURN = 0x1p28 + 0.5;

  /** The sign of a double, and of a float in the upper half of a long. */
  private static final long SIGN = 0x8000_0000_0000_0000L;

  private static final long REST = ~SIGN;

  /** Exponent and fraction of a float in the upper half. */
  private static final long UPPER_REST = 0x7FFF_FFFF_0000_0000L;

  /** Half of what a float's last digit counts among a double's. */
  private static final long HALF_ULP = 1L << 28;

  private static final int COUNTERS = NoiseScratch.SLOT;

  /** Pairs (r2, r3) of all counters, then pairs (r0, r1). */
  private static final int PAIRS = 2 * COUNTERS;

  private static final int TURNS = NoiseScratch.A;
  private static final int RADII = NoiseScratch.C;
  private static final int COSINES = NoiseScratch.RESULTS;
  private static final int NORMALS = NoiseScratch.NORMALS / 2;

  private final DoubleBuffer doubles;
  private final LongBuffer longs;

  BoxMullerChunk(NoiseScratch scratch) {
    doubles = scratch.doubles;
    longs = scratch.longs;
  }

  /**
   * Adds the passes that turn the words of a {@link PhiloxChunk} into the normals of all its
   * counters, four floats to a counter from {@link NoiseScratch#NORMALS} on.
   */
  void addPasses(List<Pass> passes) {
    passes.add(() -> radiusWords(doubles));
    passes.add(() -> logarithms(longs));
    passes.add(() -> cosines(doubles));
    passes.add(() -> sines(doubles));
    passes.add(() -> join(longs));
    passes.add(() -> interleave(longs));
  }

  /** a + b·c, rounded once where the vector unit can. */
  private static double add(double a, double b, double c) {
    return VectorUnit.FUSED_MULTIPLY_ADD ? Math.fma(b, c, a) : a + b * c;
  }

  /** In place: from 2⁵² + m to m. */
  private static void radiusWords(DoubleBuffer values) {
    for (int j = 0; j < PAIRS; j++) {
      values.put(RADII + j, values.get(RADII + j) - 0x1p52);
    }
  }

  /** In place: from the bits of m to those of 2²⁹ + 1023 + e + f; f has at most 23 bits. */
  private static void logarithms(LongBuffer values) {
    for (int j = 0; j < PAIRS; j++) {
      values.put(RADII + j, (values.get(RADII + j) >>> 29) | BITS_OF_2_POW_29);
    }
  }

  /**
   * From 2²⁸ + v to ρ cos 2πv · 2⁻⁸⁹⁶, and in place from 2²⁹ + 1023 + e + f to ρ: the cosine is
   * computed while the root waits for the divider, which takes most of the time.
   */
  private static void cosines(DoubleBuffer values) {
    for (int j = 0; j < PAIRS; j++) {
      double radius = radius(values.get(RADII + j) - ORIGIN);
      values.put(RADII + j, radius);
      double w = values.get(TURNS + j) - HALF_TURN;
      double t = w * w;
      double tt = t * t;
      double high = add(add(C2, t, C3), tt, add(add(C4, t, C5), tt, C6));
      double poly = add(add(C0, t, C1), tt, high);
      values.put(COSINES + j, (0.0625 - t) * poly * radius);
    }
  }

  /**
   * ρ for s = e + f − 24. The ceiling is read once and k = s − q, which is exact: of a loop that
   * reads the ceiling twice C2 makes scalar code at times, with AVX-512.
   */
  private static double radius(double s) {
    double q = s - Math.ceil(s);
    double qq = q * q;
    double high = add(add(L4, q, L5), qq, add(add(L6, q, L7), qq, L8));
    double poly = add(add(L0, q, L1), qq, add(add(L2, q, L3), qq, high));
    return Math.sqrt(add((s - q) * MINUS_TWO_LN_2, q, poly));
  }

  /** In place: from 2²⁸ + v to ρ sin 2πv · 2⁻⁸⁹⁶. */
  private static void sines(DoubleBuffer values) {
    for (int j = 0; j < PAIRS; j++) {
      double w = values.get(TURNS + j) - HALF_TURN;
      double t = w * w;
      double tt = t * t;
      double high = add(add(S2, t, S3), tt, add(S4, t, S5));
      double poly = add(add(S0, t, S1), tt, high);
      values.put(TURNS + j, (w * values.get(RADII + j)) * ((0.25 - t) * poly));
    }
  }

  /**
   * In place of the cosine: the float of the cosine, and above it that of the sine. Both are made
   * in the upper half, since with masks of a lower half C2 of JDK 25 makes no vector code. Each
   * line is few operations of three operands, as AVX-512 has them for any logic.
   */
  private static void join(LongBuffer values) {
    for (int j = 0; j < PAIRS; j++) {
      long cosine = values.get(COSINES + j) + HALF_ULP;
      long sine = values.get(TURNS + j) + HALF_ULP;
      long low = cosine ^ ((cosine ^ (cosine << 3)) & REST);
      long high = (sine & SIGN) | (low >>> 32);
      values.put(COSINES + j, ((sine << 3) & UPPER_REST) | high);
    }
  }

  private static void interleave(LongBuffer values) {
    for (int j = 0; j < COUNTERS; j++) {
      values.put(NORMALS + 2 * j, values.get(COSINES + COUNTERS + j));
      values.put(NORMALS + 2 * j + 1, values.get(COSINES + j));
    }
  }
}
