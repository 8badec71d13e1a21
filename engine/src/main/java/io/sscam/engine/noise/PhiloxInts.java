package io.sscam.engine.noise;

import static io.sscam.engine.noise.NoiseScratch.INT_SLOT;
import static io.sscam.engine.noise.NoiseScratch.SHARED;

import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.List;

/**
 * Philox4x32-10 by products of 32 bits: for vector units that have none of 64, where C2 makes each
 * from three instructions and more, and half as many fit in a vector.
 *
 * <p>What is kept are the words X0[n] and X2[n] after n rounds; words 1 and 3 are the low halves of
 * the products of the round before, so that a round is
 *
 * <pre>
 *   X0[n+1] = hi(M1·X2[n]) ⊕ lo(M1·X2[n-1]) ⊕ k0[n]
 *   X2[n+1] = hi(M0·X0[n]) ⊕ lo(M0·X0[n-1]) ⊕ k1[n]
 * </pre>
 *
 * <p>Each line is one loop, which writes over the word of round n − 1. The slots' offsets are
 * constants, since C2 vectorises the loops only then.
 *
 * <p>In the slots the counters of the lower half take turns with those of the upper one (0, 448, 1,
 * 449, …): read as {@code long}s the lower halves of these are then the former, in their order, and
 * the upper ones the latter.
 *
 * <p>Not thread-safe.
 */
final class PhiloxInts extends PhiloxChunk {
  private static final int M0 = (int) Philox4x32.M0;
  private static final int M1 = (int) Philox4x32.M1;
  private static final int LOWER_16 = 0xFFFF;

  private static final int HALF = COUNTERS / 2;

  /** Where the slots begin, among ints. */
  private static final int FIRST = 2 * SHARED;

  private static final int A = FIRST;
  private static final int B = FIRST + INT_SLOT;
  private static final int C = FIRST + 2 * INT_SLOT;
  private static final int D = FIRST + 3 * INT_SLOT;

  /** X0[0] less the first of all, which is the same in all chunks. */
  private static final int X0_0 = FIRST + 4 * INT_SLOT;

  /** X2[1], X0[2] and hi(M0·X0[2]), which do not depend on the sample. */
  private static final int X2_1 = FIRST + 5 * INT_SLOT;

  private static final int X0_2 = FIRST + 6 * INT_SLOT;
  private static final int HIGH_2 = FIRST + 7 * INT_SLOT;

  private final IntBuffer words;
  private final LongBuffer longs;

  PhiloxInts(NoiseScratch scratch) {
    words = scratch.ints;
    longs = scratch.longs;
    for (int j = 0; j < HALF; j++) {
      words.put(X0_0 + 2 * j, j);
      words.put(X0_0 + 2 * j + 1, HALF + j);
    }
  }

  @Override
  void addSharedPasses(List<Pass> passes) {
    passes.add(() -> first2(words, firstBlock(), roundKey1(0)));
    passes.add(() -> second0(words, (M1 * channel()) ^ roundKey0(1)));
    passes.add(() -> high2(words));
  }

  @Override
  void addPasses(List<Pass> passes) {
    // X0[1] is the same in all counters. What follows is from X2[2] and X0[3] on.
    passes.add(() -> secondA(words, firstBlock(), high0(word0()) ^ roundKey1(1)));
    passes.add(() -> thirdB(words, roundKey0(2)));
    passes.add(() -> thirdC(words, (M0 * word0()) ^ roundKey1(2)));
    passes.add(() -> mixA1(words, roundKey0(3)));
    passes.add(() -> fourthD(words, roundKey1(3)));
    passes.add(() -> mixC1(words, roundKey0(4)));
    passes.add(() -> mixB0(words, roundKey1(4)));
    passes.add(() -> mixD1(words, roundKey0(5)));
    passes.add(() -> mixA0(words, roundKey1(5)));
    passes.add(() -> mixB1(words, roundKey0(6)));
    passes.add(() -> mixC0(words, roundKey1(6)));
    passes.add(() -> mixA1(words, roundKey0(7)));
    passes.add(() -> mixD0(words, roundKey1(7)));
    passes.add(() -> mixC1(words, roundKey0(8)));
    passes.add(() -> mixB0(words, roundKey1(8)));
    passes.add(() -> mixD1(words, roundKey0(9)));
    passes.add(() -> mixA0(words, roundKey1(9)));
    passes.add(() -> lastB(words));
    passes.add(() -> lastC(words));
    passes.add(() -> radii0(longs));
    passes.add(() -> upperRadii0(longs));
    passes.add(() -> turns1(longs));
    passes.add(() -> upperTurns1(longs));
    passes.add(() -> radii2(longs));
    passes.add(() -> upperRadii2(longs));
    passes.add(() -> turns3(longs));
    passes.add(() -> upperTurns3(longs));
  }

  /** X0[1] of every counter. */
  private int word0() {
    return high1(channel()) ^ sample() ^ roundKey0(0);
  }

  /**
   * hi(M0·b) of unsigned integers, by products of 16 bits: with M0 = 2¹⁶·u + l and b = 2¹⁶·upper +
   * lower that is upper·u + ((lower·u + upper·l + lower·l / 2¹⁶) / 2¹⁶). The sum in the middle is
   * below 2¹⁶·(u + l + 1), which is below 2³².
   */
  static int high0(int b) {
    int lower = b & LOWER_16;
    int upper = b >>> 16;
    int rest = upper * (M0 & LOWER_16) + ((lower * (M0 & LOWER_16)) >>> 16);
    return upper * (M0 >>> 16) + ((lower * (M0 >>> 16) + rest) >>> 16);
  }

  /**
   * hi(M1·b) likewise; there the sum in the middle is halved, since it passes 2³², and u is even.
   */
  static int high1(int b) {
    int lower = b & LOWER_16;
    int upper = b >>> 16;
    int rest = upper * (M1 & LOWER_16) + ((lower * (M1 & LOWER_16)) >>> 16);
    return upper * (M1 >>> 16) + ((lower * (M1 >>> 17) + (rest >>> 1)) >>> 15);
  }

  /** X2[1]. */
  private static void first2(IntBuffer words, int firstBlock, int roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      words.put(X2_1 + j, high0(firstBlock + words.get(X0_0 + j)) ^ roundKey);
    }
  }

  /** X0[2]. */
  private static void second0(IntBuffer words, int mixed) {
    for (int j = 0; j < COUNTERS; j++) {
      words.put(X0_2 + j, high1(words.get(X2_1 + j)) ^ mixed);
    }
  }

  /** hi(M0·X0[2]). */
  private static void high2(IntBuffer words) {
    for (int j = 0; j < COUNTERS; j++) {
      words.put(HIGH_2 + j, high0(words.get(X0_2 + j)));
    }
  }

  /** X2[2]. */
  private static void secondA(IntBuffer words, int firstBlock, int mixed) {
    for (int j = 0; j < COUNTERS; j++) {
      words.put(A + j, (M0 * (firstBlock + words.get(X0_0 + j))) ^ mixed);
    }
  }

  /** X0[3]. */
  private static void thirdB(IntBuffer words, int roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      words.put(B + j, high1(words.get(A + j)) ^ (M1 * words.get(X2_1 + j)) ^ roundKey);
    }
  }

  /** X2[3]. */
  private static void thirdC(IntBuffer words, int mixed) {
    for (int j = 0; j < COUNTERS; j++) {
      words.put(C + j, words.get(HIGH_2 + j) ^ mixed);
    }
  }

  /** X2[4]. */
  private static void fourthD(IntBuffer words, int roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      words.put(D + j, high0(words.get(B + j)) ^ (M0 * words.get(X0_2 + j)) ^ roundKey);
    }
  }

  private static void mixA0(IntBuffer words, int roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      int mixed = (M0 * words.get(A + j)) ^ roundKey;
      words.put(A + j, high0(words.get(C + j)) ^ mixed);
    }
  }

  private static void mixA1(IntBuffer words, int roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      int mixed = (M1 * words.get(A + j)) ^ roundKey;
      words.put(A + j, high1(words.get(C + j)) ^ mixed);
    }
  }

  private static void mixB0(IntBuffer words, int roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      int mixed = (M0 * words.get(B + j)) ^ roundKey;
      words.put(B + j, high0(words.get(A + j)) ^ mixed);
    }
  }

  private static void mixB1(IntBuffer words, int roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      int mixed = (M1 * words.get(B + j)) ^ roundKey;
      words.put(B + j, high1(words.get(A + j)) ^ mixed);
    }
  }

  private static void mixC0(IntBuffer words, int roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      int mixed = (M0 * words.get(C + j)) ^ roundKey;
      words.put(C + j, high0(words.get(D + j)) ^ mixed);
    }
  }

  private static void mixC1(IntBuffer words, int roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      int mixed = (M1 * words.get(C + j)) ^ roundKey;
      words.put(C + j, high1(words.get(D + j)) ^ mixed);
    }
  }

  private static void mixD0(IntBuffer words, int roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      int mixed = (M0 * words.get(D + j)) ^ roundKey;
      words.put(D + j, high0(words.get(B + j)) ^ mixed);
    }
  }

  private static void mixD1(IntBuffer words, int roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      int mixed = (M1 * words.get(D + j)) ^ roundKey;
      words.put(D + j, high1(words.get(B + j)) ^ mixed);
    }
  }

  /** r1. */
  private static void lastB(IntBuffer words) {
    for (int j = 0; j < COUNTERS; j++) {
      words.put(B + j, M1 * words.get(B + j));
    }
  }

  /** r3. */
  private static void lastC(IntBuffer words) {
    for (int j = 0; j < COUNTERS; j++) {
      words.put(C + j, M0 * words.get(C + j));
    }
  }

  /** r0 is in D. */
  private static void radii0(LongBuffer longs) {
    for (int j = 0; j < HALF; j++) {
      long word = longs.get(D / 2 + j);
      longs.put(NoiseScratch.D + j, ((word >>> 8) & UPPER_24) + (BITS_OF_2_POW_52 + 1));
    }
  }

  private static void upperRadii0(LongBuffer longs) {
    for (int j = 0; j < HALF; j++) {
      long word = longs.get(D / 2 + j);
      longs.put(NoiseScratch.D + HALF + j, (word >>> 40) + (BITS_OF_2_POW_52 + 1));
    }
  }

  private static void turns1(LongBuffer longs) {
    for (int j = 0; j < HALF; j++) {
      long word = longs.get(B / 2 + j);
      longs.put(NoiseScratch.B + j, ((word >>> 8) & UPPER_24) + BITS_OF_2_POW_28);
    }
  }

  private static void upperTurns1(LongBuffer longs) {
    for (int j = 0; j < HALF; j++) {
      long word = longs.get(B / 2 + j);
      longs.put(NoiseScratch.B + HALF + j, (word >>> 40) + BITS_OF_2_POW_28);
    }
  }

  /** r2 is in A. */
  private static void radii2(LongBuffer longs) {
    for (int j = 0; j < HALF; j++) {
      long word = longs.get(A / 2 + j);
      longs.put(NoiseScratch.C + j, ((word >>> 8) & UPPER_24) + (BITS_OF_2_POW_52 + 1));
    }
  }

  private static void upperRadii2(LongBuffer longs) {
    for (int j = 0; j < HALF; j++) {
      long word = longs.get(A / 2 + j);
      longs.put(NoiseScratch.C + HALF + j, (word >>> 40) + (BITS_OF_2_POW_52 + 1));
    }
  }

  private static void turns3(LongBuffer longs) {
    for (int j = 0; j < HALF; j++) {
      long word = longs.get(C / 2 + j);
      longs.put(NoiseScratch.A + j, ((word >>> 8) & UPPER_24) + BITS_OF_2_POW_28);
    }
  }

  private static void upperTurns3(LongBuffer longs) {
    for (int j = 0; j < HALF; j++) {
      long word = longs.get(C / 2 + j);
      longs.put(NoiseScratch.A + HALF + j, (word >>> 40) + BITS_OF_2_POW_28);
    }
  }
}
