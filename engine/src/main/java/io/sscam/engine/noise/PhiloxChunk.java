package io.sscam.engine.noise;

import static io.sscam.engine.noise.Philox4x32.M0;
import static io.sscam.engine.noise.Philox4x32.M1;
import static io.sscam.engine.noise.Philox4x32.ROUNDS;
import static io.sscam.engine.noise.Philox4x32.W0;
import static io.sscam.engine.noise.Philox4x32.W1;

import java.util.List;

/**
 * Philox4x32-10 for {@value #COUNTERS} successive counters at once, of which the upper 24 bits of
 * each word are kept.
 *
 * <p>Written so that HotSpot's C2 vectorises it: plain short loops over {@code long} arrays, a word
 * in 64 bits since the high half of a 32×32-bit product is otherwise out of reach. Words 1 and 3
 * are never stored: after round n they are the low halves of M1·c2 and M0·c0 of the round before,
 * so
 *
 * <pre>
 *   c0[n+1] = hi(M1·c2[n]) ⊕ lo(M1·c2[n-1]) ⊕ k0[n]
 *   c2[n+1] = hi(M0·c0[n]) ⊕ lo(M0·c0[n-1]) ⊕ k1[n]
 * </pre>
 *
 * <p>The repeated product costs less than the store and the load that it saves, and each of the two
 * lines is one loop: two whole rounds in one loop are already more than C2 of JDK 17 vectorises
 * (three times slower, measured).
 *
 * <p>Not thread-safe. {@link Philox4x32} is the readable form and the oracle.
 */
final class PhiloxChunk {
  /**
   * Counters per chunk: large enough that the scalar heads and tails of the vector loops do not
   * count, small enough that the scratch stays in the first two cache levels.
   */
  static final int COUNTERS = 512;

  /** Or-ed into an integer below 2⁵², gives the bits of the double 2⁵² + that integer. */
  static final long BITS_OF_2_POW_52 = 0x4330_0000_0000_0000L;

  /**
   * Unused elements at the end of each scratch array: with the header of 16 bytes they make its
   * size a multiple of 64, so that arrays allocated in a row lie alike to the cache lines and a
   * loop that is aligned for one of them is aligned for all.
   */
  static final int PADDING = 6;

  private static final long WORD = 0xFFFF_FFFFL;
  private static final long UPPER_24 = 0xFF_FFFFL;

  /** 0, 1, 2, …: C2 of JDK 17 cannot vectorise the use of a loop index as a value. */
  private static final long[] INDEX = scratch(COUNTERS);

  static {
    for (int j = 0; j < COUNTERS; j++) {
      INDEX[j] = j;
    }
  }

  /** (r0 ≫ 8) + 1 of every counter, then (r2 ≫ 8) + 1 of every counter. */
  final long[] radius = scratch(2 * COUNTERS);

  /** r1 ≫ 8 of every counter, then r3 ≫ 8, each as the bits of the double 2⁵² + that. */
  final long[] angle = scratch(2 * COUNTERS);

  private long firstBlock;
  private int key0;
  private int key1;
  private long x0;
  private long xor0;
  private long xor2;

  private static long[] scratch(int length) {
    return new long[length + PADDING];
  }

  /** Sets the counters (firstBlock + j, sample, channel, 0), j = 0, 1, …, and the key. */
  void set(int firstBlock, int sample, int channel, long seed) {
    this.firstBlock = firstBlock & WORD;
    key0 = (int) seed;
    key1 = (int) (seed >>> 32);
    // Round 1 leaves words 0 and 1 the same for every j, and round 2 so word 3: half the products.
    long product = M1 * (channel & WORD);
    x0 = (product >>> 32) ^ (sample & WORD) ^ (key0 & WORD);
    xor0 = (product & WORD) ^ roundKey0(1);
    xor2 = ((M0 * x0) >>> 32) ^ roundKey1(1);
  }

  /** Adds the passes that compute {@link #radius} and {@link #angle} from what was set. */
  void addPasses(List<Pass> passes) {
    long[] older = scratch(2 * COUNTERS);
    long[] newer = scratch(2 * COUNTERS);
    long[] spare = scratch(2 * COUNTERS);
    addFirst(passes, older, newer);
    for (int n = 2; n < ROUNDS - 1; n++) {
      addRound(passes, older, newer, spare, n);
      long[] oldest = older;
      older = newer;
      newer = spare;
      spare = oldest;
    }
    addLast(passes, older, newer);
  }

  private void addFirst(List<Pass> passes, long[] first, long[] second) {
    passes.add(() -> firstTwoRounds(first, second, firstBlock, key1 & WORD, x0, xor0, xor2));
  }

  private void addRound(List<Pass> passes, long[] older, long[] newer, long[] next, int n) {
    passes.add(() -> nextWord0(older, newer, next, roundKey0(n)));
    passes.add(() -> nextWord2(older, newer, next, roundKey1(n)));
  }

  private void addLast(List<Pass> passes, long[] older, long[] newer) {
    passes.add(() -> lastWords01(older, newer, radius, angle, roundKey0(ROUNDS - 1)));
    passes.add(() -> lastWords23(older, newer, radius, angle, roundKey1(ROUNDS - 1)));
  }

  private long roundKey0(int round) {
    return (key0 + round * W0) & WORD;
  }

  private long roundKey1(int round) {
    return (key1 + round * W1) & WORD;
  }

  private static void firstTwoRounds(
      long[] first, long[] second, long firstBlock, long key1, long x0, long xor0, long xor2) {
    for (int j = 0; j < COUNTERS; j++) {
      long p0 = M0 * (firstBlock + INDEX[j]);
      long x2 = (p0 >>> 32) ^ key1;
      first[j] = x0;
      first[COUNTERS + j] = x2;
      second[j] = ((M1 * x2) >>> 32) ^ xor0;
      second[COUNTERS + j] = (p0 & WORD) ^ xor2;
    }
  }

  private static void nextWord0(long[] older, long[] newer, long[] next, long roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      long p = M1 * newer[COUNTERS + j];
      next[j] = ((p >>> 32) ^ (M1 * older[COUNTERS + j]) ^ roundKey) & WORD;
    }
  }

  private static void nextWord2(long[] older, long[] newer, long[] next, long roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      long p = M0 * newer[j];
      next[COUNTERS + j] = ((p >>> 32) ^ (M0 * older[j]) ^ roundKey) & WORD;
    }
  }

  private static void lastWords01(
      long[] older, long[] newer, long[] radius, long[] angle, long roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      long p = M1 * newer[COUNTERS + j];
      long word0 = (p >>> 32) ^ (M1 * older[COUNTERS + j]) ^ roundKey;
      radius[j] = ((word0 >>> 8) & UPPER_24) + 1;
      angle[j] = ((p >>> 8) & UPPER_24) | BITS_OF_2_POW_52;
    }
  }

  private static void lastWords23(
      long[] older, long[] newer, long[] radius, long[] angle, long roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      long p = M0 * newer[j];
      long word2 = (p >>> 32) ^ (M0 * older[j]) ^ roundKey;
      radius[COUNTERS + j] = ((word2 >>> 8) & UPPER_24) + 1;
      angle[COUNTERS + j] = ((p >>> 8) & UPPER_24) | BITS_OF_2_POW_52;
    }
  }
}
