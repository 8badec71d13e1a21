package io.sscam;

/** z(seed, k, i) of SPEC.md: Philox4x32-10 in long arithmetic, Box–Muller with StrictMath. */
final class PlainNoise {
  private static final long WORD = 0xFFFFFFFFL;

  private PlainNoise() {}

  /** The first {@code count} elements. */
  static double[] normals(long seed, int channel, int sample, int count) {
    double[] z = new double[count];
    for (int block = 0; 4 * block < count; block++) {
      long[] words = philox(block, sample, channel, seed);
      for (int lane = 0; lane < 4 && 4 * block + lane < count; lane++) {
        int pair = lane / 2 * 2;
        double u = ((words[pair] >> 8) + 1) / 16777216.0;
        double v = (words[pair + 1] >> 8) / 16777216.0;
        double angle = 2 * StrictMath.PI * v;
        double wave = lane % 2 == 0 ? StrictMath.cos(angle) : StrictMath.sin(angle);
        z[4 * block + lane] = StrictMath.sqrt(-2 * StrictMath.log(u)) * wave;
      }
    }
    return z;
  }

  private static long[] philox(long b, long i, long k, long seed) {
    long[] c = {b, i, k, 0};
    for (long round = 0; round < 10; round++) {
      long low = ((seed & WORD) + round * 0x9E3779B9L) & WORD;
      long high = ((seed >>> 32) + round * 0xBB67AE85L) & WORD;
      long even = 0xD2511F53L * c[0];
      long odd = 0xCD9E8D57L * c[2];
      c =
          new long[] {
            (odd >>> 32) ^ c[1] ^ low, odd & WORD, (even >>> 32) ^ c[3] ^ high, even & WORD
          };
    }
    return c;
  }
}
