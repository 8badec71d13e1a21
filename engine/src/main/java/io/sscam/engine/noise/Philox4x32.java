package io.sscam.engine.noise;

/**
 * Philox4x32-10, one block at a time: the readable form.
 *
 * <p>A counter-based generator: four 32-bit output words are a pure function of a 128-bit counter
 * and a 64-bit key, so any element of a stream can be had without those before it. One round is
 *
 * <pre>
 *   (c0, c1, c2, c3) ← (hi(M1·c2) ⊕ c1 ⊕ k0, lo(M1·c2), hi(M0·c0) ⊕ c3 ⊕ k1, lo(M0·c0))
 * </pre>
 *
 * with 64-bit products, and after each round the key grows by (W0, W1) modulo 2³². Ten rounds.
 *
 * <p>Source: Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC'11, and
 * the Random123 library (philox.h).
 */
public final class Philox4x32 {
  /** Multiplier of word 0. */
  static final long M0 = 0xD2511F53L;

  /** Multiplier of word 2. */
  static final long M1 = 0xCD9E8D57L;

  /** Weyl increment of key word 0 (the golden ratio). */
  static final int W0 = 0x9E3779B9;

  /** Weyl increment of key word 1 (√3 − 1). */
  static final int W1 = 0xBB67AE85;

  static final int ROUNDS = 10;

  private static final long WORD = 0xFFFF_FFFFL;

  private Philox4x32() {}

  /**
   * The four words of one block.
   *
   * @param c0 counter, lowest word
   * @param c1 counter, second word
   * @param c2 counter, third word
   * @param c3 counter, highest word
   * @param key the key: its low 32 bits are key word 0, its high 32 bits key word 1
   * @return four words, as unsigned 32-bit integers in {@code int}s
   */
  public static int[] block(int c0, int c1, int c2, int c3, long key) {
    int x0 = c0;
    int x1 = c1;
    int x2 = c2;
    int x3 = c3;
    int k0 = (int) key;
    int k1 = (int) (key >>> 32);
    for (int round = 0; round < ROUNDS; round++) {
      long p0 = M0 * (x0 & WORD);
      long p1 = M1 * (x2 & WORD);
      x0 = (int) (p1 >>> 32) ^ x1 ^ k0;
      x1 = (int) p1;
      x2 = (int) (p0 >>> 32) ^ x3 ^ k1;
      x3 = (int) p0;
      k0 += W0;
      k1 += W1;
    }
    return new int[] {x0, x1, x2, x3};
  }
}
