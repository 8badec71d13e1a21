package io.sscam.engine.noise;

import static io.sscam.engine.noise.NoiseScratch.A;
import static io.sscam.engine.noise.NoiseScratch.B;
import static io.sscam.engine.noise.NoiseScratch.C;
import static io.sscam.engine.noise.NoiseScratch.D;
import static io.sscam.engine.noise.NoiseScratch.STEPS;
import static io.sscam.engine.noise.Philox4x32.M0;
import static io.sscam.engine.noise.Philox4x32.M1;
import static io.sscam.engine.noise.Philox4x32.ROUNDS;
import static io.sscam.engine.noise.Philox4x32.W0;
import static io.sscam.engine.noise.Philox4x32.W1;

import java.nio.LongBuffer;
import java.util.List;

/**
 * Philox4x32-10 for {@value #COUNTERS} successive counters at once.
 *
 * <p>Written so that HotSpot's C2 vectorises it: plain short loops over {@code long}s, a word in 64
 * bits since the high half of a 32×32-bit product is otherwise out of reach. What is kept are not
 * the words but their products P0[n] = M0·c0[n] and P1[n] = M1·c2[n] after n rounds; words 1 and 3
 * are the low halves of those of the round before, so that a round is
 *
 * <pre>
 *   P0[n+1] = M0·(hi(P1[n]) ⊕ lo(P1[n-1]) ⊕ k0[n])
 *   P1[n+1] = M1·(hi(P0[n]) ⊕ lo(P0[n-1]) ⊕ k1[n])
 * </pre>
 *
 * <p>Each line is one loop that writes over P[n-1]: two whole rounds in one loop are already more
 * than C2 of JDK 17 vectorises (three times slower, measured). The four slots A to D change their
 * parts round by round, and after four rounds they are back. They have a method each, because C2
 * vectorises the loop only if their offsets are constants.
 *
 * <p>Not thread-safe. {@link Philox4x32} is the readable form and the oracle.
 */
final class PhiloxChunk {
  static final int COUNTERS = NoiseScratch.SLOT;

  /** Added to an integer below 2⁵², gives the bits of the double 2⁵² + that integer. */
  static final long BITS_OF_2_POW_52 = 0x4330_0000_0000_0000L;

  private static final long WORD = 0xFFFF_FFFFL;
  private static final long UPPER_24 = 0xFF_FFFFL;

  private final LongBuffer words;

  private long firstBlock;
  private long sample;
  private long channel;
  private int key0;
  private int key1;

  PhiloxChunk(NoiseScratch scratch) {
    words = scratch.longs;
    for (int j = 0; j < COUNTERS; j++) {
      words.put(STEPS + j, M0 * j);
    }
  }

  /** Sets the counters (firstBlock + j, sample, channel, 0), j = 0, 1, …, and the key. */
  void set(int firstBlock, int sample, int channel, long seed) {
    this.firstBlock = firstBlock & WORD;
    this.sample = sample & WORD;
    this.channel = channel & WORD;
    key0 = (int) seed;
    key1 = (int) (seed >>> 32);
  }

  /**
   * Adds the passes that write to the slots, from what was set, the upper 24 bits of the words of
   * counter j: (r0 ≫ 8) + 1 at D + j, r1 ≫ 8 at B + j, (r2 ≫ 8) + 1 at C + j, r3 ≫ 8 at A + j, each
   * as the double 2⁵² + that.
   */
  void addPasses(List<Pass> passes) {
    // Word 2, P1[0] and P0[1] are the same in all counters, so they are numbers and not slots.
    passes.add(() -> firstC(words, M0 * firstBlock));
    passes.add(() -> firstB(words, roundKey1(0)));
    passes.add(() -> firstD(words, (product1() & WORD) ^ roundKey0(1)));
    passes.add(() -> secondC(words, (product0() >>> 32) ^ roundKey1(1)));
    passes.add(() -> mixB(words, M0, roundKey0(2)));
    passes.add(() -> firstA(words, (product0() & WORD) ^ roundKey1(2)));
    addTwoRounds(passes, 3);
    for (int n = 5; n < ROUNDS - 1; n += 4) {
      addFourRounds(passes, n);
    }
    passes.add(() -> last0(words, roundKey0(ROUNDS - 1)));
    passes.add(() -> last1(words));
    passes.add(() -> last2(words, roundKey1(ROUNDS - 1)));
    passes.add(() -> last3(words));
  }

  /** From P[n] in A and B and P[n-1] in C and D to P[n+4] and P[n+3] there. */
  private void addFourRounds(List<Pass> passes, int n) {
    passes.add(() -> mixD(words, M0, roundKey0(n)));
    passes.add(() -> mixC(words, M1, roundKey1(n)));
    passes.add(() -> mixB(words, M0, roundKey0(n + 1)));
    passes.add(() -> mixA(words, M1, roundKey1(n + 1)));
    addTwoRounds(passes, n + 2);
  }

  /** The second half of four rounds. */
  private void addTwoRounds(List<Pass> passes, int n) {
    passes.add(() -> mixC(words, M0, roundKey0(n)));
    passes.add(() -> mixD(words, M1, roundKey1(n)));
    passes.add(() -> mixA(words, M0, roundKey0(n + 1)));
    passes.add(() -> mixB(words, M1, roundKey1(n + 1)));
  }

  /** P1[0] of every counter. */
  private long product1() {
    return M1 * channel;
  }

  /** P0[1] of every counter. */
  private long product0() {
    return M0 * ((product1() >>> 32) ^ sample ^ roundKey0(0));
  }

  private long roundKey0(int round) {
    return (key0 + round * W0) & WORD;
  }

  private long roundKey1(int round) {
    return (key1 + round * W1) & WORD;
  }

  private static void firstC(LongBuffer words, long product) {
    for (int j = 0; j < COUNTERS; j++) {
      words.put(C + j, product + words.get(STEPS + j));
    }
  }

  private static void firstB(LongBuffer words, long roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      words.put(B + j, M1 * ((words.get(C + j) >>> 32) ^ roundKey));
    }
  }

  private static void firstD(LongBuffer words, long mixed) {
    for (int j = 0; j < COUNTERS; j++) {
      words.put(D + j, M0 * ((words.get(B + j) >>> 32) ^ mixed));
    }
  }

  private static void secondC(LongBuffer words, long mixed) {
    for (int j = 0; j < COUNTERS; j++) {
      words.put(C + j, M1 * ((words.get(C + j) ^ mixed) & WORD));
    }
  }

  private static void firstA(LongBuffer words, long mixed) {
    for (int j = 0; j < COUNTERS; j++) {
      words.put(A + j, M1 * ((words.get(D + j) >>> 32) ^ mixed));
    }
  }

  private static void mixA(LongBuffer words, long multiplier, long roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      words.put(
          A + j, multiplier * (((words.get(D + j) >>> 32) ^ words.get(A + j) ^ roundKey) & WORD));
    }
  }

  private static void mixB(LongBuffer words, long multiplier, long roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      words.put(
          B + j, multiplier * (((words.get(C + j) >>> 32) ^ words.get(B + j) ^ roundKey) & WORD));
    }
  }

  private static void mixC(LongBuffer words, long multiplier, long roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      words.put(
          C + j, multiplier * (((words.get(A + j) >>> 32) ^ words.get(C + j) ^ roundKey) & WORD));
    }
  }

  private static void mixD(LongBuffer words, long multiplier, long roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      words.put(
          D + j, multiplier * (((words.get(B + j) >>> 32) ^ words.get(D + j) ^ roundKey) & WORD));
    }
  }

  private static void last0(LongBuffer words, long roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      long word = (words.get(B + j) >>> 32) ^ words.get(D + j) ^ roundKey;
      words.put(D + j, ((word >>> 8) & UPPER_24) + (BITS_OF_2_POW_52 + 1));
    }
  }

  private static void last2(LongBuffer words, long roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      long word = (words.get(A + j) >>> 32) ^ words.get(C + j) ^ roundKey;
      words.put(C + j, ((word >>> 8) & UPPER_24) + (BITS_OF_2_POW_52 + 1));
    }
  }

  private static void last1(LongBuffer words) {
    for (int j = 0; j < COUNTERS; j++) {
      words.put(B + j, ((words.get(B + j) >>> 8) & UPPER_24) + BITS_OF_2_POW_52);
    }
  }

  private static void last3(LongBuffer words) {
    for (int j = 0; j < COUNTERS; j++) {
      words.put(A + j, ((words.get(A + j) >>> 8) & UPPER_24) + BITS_OF_2_POW_52);
    }
  }
}
