package io.sscam.engine.noise;

import static io.sscam.engine.noise.NoiseScratch.A;
import static io.sscam.engine.noise.NoiseScratch.B;
import static io.sscam.engine.noise.NoiseScratch.C;
import static io.sscam.engine.noise.NoiseScratch.D;
import static io.sscam.engine.noise.NoiseScratch.SHARED;
import static io.sscam.engine.noise.NoiseScratch.SLOT;
import static io.sscam.engine.noise.Philox4x32.M0;
import static io.sscam.engine.noise.Philox4x32.M1;

import java.nio.LongBuffer;
import java.util.List;

/**
 * Philox4x32-10 by products of 64 bits, for vector units that have them.
 *
 * <p>What is kept are not the words but their products P0[n] = M0·c0[n] and P1[n] = M1·c2[n] after
 * n rounds, in {@code long}s; words 1 and 3 are the low halves of those of the round before, so
 * that a round is
 *
 * <pre>
 *   P0[n+1] = M0·(hi(P1[n]) ⊕ lo(P1[n-1]) ⊕ k0[n])
 *   P1[n+1] = M1·(hi(P0[n]) ⊕ lo(P0[n-1]) ⊕ k1[n])
 * </pre>
 *
 * <p>Each line is one loop, which writes over P[n-1]: two whole rounds in one loop are already more
 * than C2 of JDK 17 vectorises (three times slower, measured). The four slots A to D change their
 * parts round by round, and after four rounds they are back. They have a method each, because C2
 * vectorises the loop only if their offsets are constants.
 *
 * <p>Not thread-safe.
 */
final class PhiloxLongs extends PhiloxChunk {
  private static final long WORD = 0xFFFF_FFFFL;

  /** P0[0], P1[1] and P0[2], which do not depend on the sample. */
  private static final int P0_0 = SHARED;

  private static final int P1_1 = SHARED + SLOT;
  private static final int P0_2 = SHARED + 2 * SLOT;

  /** The number of every counter in the chunk: C2 takes no loop's index for a value. */
  private static final int NUMBER = SHARED + 3 * SLOT;

  private final LongBuffer words;

  PhiloxLongs(NoiseScratch scratch) {
    words = scratch.longs;
    for (int j = 0; j < COUNTERS; j++) {
      words.put(NUMBER + j, j);
    }
  }

  @Override
  void addSharedPasses(List<Pass> passes) {
    // Word 2 and P1[0] are the same in all counters, so they are numbers and not slots.
    passes.add(() -> first0(words, firstBlock() & WORD));
    passes.add(() -> first1(words, longKey1(0)));
    passes.add(() -> first2(words, (product1() & WORD) ^ longKey0(1)));
  }

  @Override
  void addPasses(List<Pass> passes) {
    // P0[1] is the same in all counters. What follows is from P1[2] and P0[3] on.
    passes.add(() -> secondC(words, (product0() >>> 32) ^ longKey1(1)));
    passes.add(() -> secondB(words, longKey0(2)));
    passes.add(() -> secondA(words, (product0() & WORD) ^ longKey1(2)));
    passes.add(() -> mixC(words, M0, longKey0(3)));
    passes.add(() -> thirdD(words, longKey1(3)));
    passes.add(() -> mixA(words, M0, longKey0(4)));
    passes.add(() -> mixB(words, M1, longKey1(4)));
    passes.add(() -> mixD(words, M0, longKey0(5)));
    passes.add(() -> mixC(words, M1, longKey1(5)));
    passes.add(() -> mixB(words, M0, longKey0(6)));
    passes.add(() -> mixA(words, M1, longKey1(6)));
    passes.add(() -> mixC(words, M0, longKey0(7)));
    passes.add(() -> mixD(words, M1, longKey1(7)));
    passes.add(() -> mixA(words, M0, longKey0(8)));
    passes.add(() -> mixB(words, M1, longKey1(8)));
    passes.add(() -> last0(words, longKey0(9)));
    passes.add(() -> last1(words));
    passes.add(() -> last2(words, longKey1(9)));
    passes.add(() -> last3(words));
  }

  /** P1[0] of every counter. */
  private long product1() {
    return M1 * (channel() & WORD);
  }

  /** P0[1] of every counter. */
  private long product0() {
    return M0 * ((product1() >>> 32) ^ (sample() & WORD) ^ longKey0(0));
  }

  private long longKey0(int round) {
    return roundKey0(round) & WORD;
  }

  private long longKey1(int round) {
    return roundKey1(round) & WORD;
  }

  /** P0[0]. */
  private static void first0(LongBuffer words, long firstBlock) {
    for (int j = 0; j < COUNTERS; j++) {
      words.put(P0_0 + j, M0 * (firstBlock + words.get(NUMBER + j)));
    }
  }

  /** P1[1]. */
  private static void first1(LongBuffer words, long roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      words.put(P1_1 + j, M1 * ((words.get(P0_0 + j) >>> 32) ^ roundKey));
    }
  }

  /** P0[2]. */
  private static void first2(LongBuffer words, long mixed) {
    for (int j = 0; j < COUNTERS; j++) {
      words.put(P0_2 + j, M0 * ((words.get(P1_1 + j) >>> 32) ^ mixed));
    }
  }

  /** P1[2]. */
  private static void secondC(LongBuffer words, long mixed) {
    for (int j = 0; j < COUNTERS; j++) {
      words.put(C + j, M1 * ((words.get(P0_0 + j) ^ mixed) & WORD));
    }
  }

  /** P0[3]. */
  private static void secondB(LongBuffer words, long roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      words.put(B + j, M0 * (((words.get(C + j) >>> 32) ^ words.get(P1_1 + j) ^ roundKey) & WORD));
    }
  }

  /** P1[3]. */
  private static void secondA(LongBuffer words, long mixed) {
    for (int j = 0; j < COUNTERS; j++) {
      words.put(A + j, M1 * ((words.get(P0_2 + j) >>> 32) ^ mixed));
    }
  }

  /** P1[4]. */
  private static void thirdD(LongBuffer words, long roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      words.put(D + j, M1 * (((words.get(B + j) >>> 32) ^ words.get(P0_2 + j) ^ roundKey) & WORD));
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
      words.put(B + j, ((words.get(B + j) >>> 8) & UPPER_24) + BITS_OF_2_POW_28);
    }
  }

  private static void last3(LongBuffer words) {
    for (int j = 0; j < COUNTERS; j++) {
      words.put(A + j, ((words.get(A + j) >>> 8) & UPPER_24) + BITS_OF_2_POW_28);
    }
  }
}
