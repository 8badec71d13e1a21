package io.sscam.engine.reference;

/** Standard normals from Philox4x32-10 and Box–Muller, as SPEC.md defines z(seed, k, i). */
public final class ReferenceNoise {
  private static final long WORD = 0xFFFFFFFFL;

  private ReferenceNoise() {}

  /**
   * The four 32-bit words of Philox4x32-10 (Salmon et al., SC'11).
   *
   * @param counter four words, each in 0 … 2³² − 1
   * @param key two words, each in 0 … 2³² − 1
   */
  public static long[] philox(long[] counter, long[] key) {
    long c0 = counter[0];
    long c1 = counter[1];
    long c2 = counter[2];
    long c3 = counter[3];
    long k0 = key[0];
    long k1 = key[1];
    for (int round = 0; round < 10; round++) {
      long even = 0xD2511F53L * c0; // both factors < 2³²: the 64 bits are right, sign aside
      long odd = 0xCD9E8D57L * c2;
      c0 = (odd >>> 32) ^ c1 ^ k0;
      c1 = odd & WORD;
      c2 = (even >>> 32) ^ c3 ^ k1;
      c3 = even & WORD;
      k0 = (k0 + 0x9E3779B9L) & WORD;
      k1 = (k1 + 0xBB67AE85L) & WORD;
    }
    return new long[] {c0, c1, c2, c3};
  }

  /** z_e(seed, channel, sample), before it is rounded to float32. */
  public static double normal(long seed, int channel, int sample, long element) {
    long[] counter = {element / 4, sample, channel, 0};
    long[] r = philox(counter, new long[] {seed & WORD, seed >>> 32});
    int lane = (int) (element % 4);
    int pair = lane < 2 ? 0 : 2;
    double u = ((r[pair] >>> 8) + 1) * 0x1p-24;
    double v = (r[pair + 1] >>> 8) * 0x1p-24;
    double radius = StrictMath.sqrt(-2 * StrictMath.log(u));
    double angle = 2 * StrictMath.PI * v;
    return radius * (lane % 2 == 0 ? StrictMath.cos(angle) : StrictMath.sin(angle));
  }
}
