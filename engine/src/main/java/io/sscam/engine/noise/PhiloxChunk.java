package io.sscam.engine.noise;

import static io.sscam.engine.noise.NoiseScratch.A;
import static io.sscam.engine.noise.NoiseScratch.B;
import static io.sscam.engine.noise.NoiseScratch.C;
import static io.sscam.engine.noise.NoiseScratch.D;
import static io.sscam.engine.noise.NoiseScratch.SHARED;
import static io.sscam.engine.noise.NoiseScratch.SLOT;
import static io.sscam.engine.noise.Philox4x32.M0;
import static io.sscam.engine.noise.Philox4x32.M1;
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
 * <p>Each line is one loop, which writes over P[n-1]: two whole rounds in one loop are already more
 * than C2 of JDK 17 vectorises (three times slower, measured). The four slots A to D change their
 * parts round by round, and after four rounds they are back. They have a method each, because C2
 * vectorises the loop only if their offsets are constants.
 *
 * <p>What of the first rounds no sample enters lies in slots of its own, for all samples: so {@link
 * #set} and the shared passes come first, then {@link #setSample} and the other passes, once for
 * each sample.
 *
 * <p>Not thread-safe. {@link Philox4x32} is the readable form and the oracle.
 */
final class PhiloxChunk {
  static final int COUNTERS = NoiseScratch.SLOT;

  /** Added to an integer below 2⁵², gives the bits of the double 2⁵² + that integer. */
  static final long BITS_OF_2_POW_52 = 0x4330_0000_0000_0000L;

  /** Added to an integer below 2⁵², gives the bits of the double 2²⁸ + that integer · 2⁻²⁴. */
  static final long BITS_OF_2_POW_28 = 0x41B0_0000_0000_0000L;

  private static final long WORD = 0xFFFF_FFFFL;
  private static final long UPPER_24 = 0xFF_FFFFL;

  /** P0[0], P1[1] and P0[2], which do not depend on the sample. */
  private static final int P0_0 = SHARED;

  private static final int P1_1 = SHARED + SLOT;
  private static final int P0_2 = SHARED + 2 * SLOT;

  private final LongBuffer words;

  private long firstBlock;
  private long sample;
  private long channel;
  private int key0;
  private int key1;

  PhiloxChunk(NoiseScratch scratch) {
    words = scratch.longs;
  }

  /** Sets the counters (firstBlock + j, …, channel, 0), j = 0, 1, …, and the key. */
  void set(int firstBlock, int channel, long seed) {
    this.firstBlock = firstBlock & WORD;
    this.channel = channel & WORD;
    key0 = (int) seed;
    key1 = (int) (seed >>> 32);
  }

  /** Sets the counters' second word. */
  void setSample(int sample) {
    this.sample = sample & WORD;
  }

  /** Adds the passes that all samples share: what of the first rounds does not depend on it. */
  void addSharedPasses(List<Pass> passes) {
    // Word 2 and P1[0] are the same in all counters, so they are numbers and not slots.
    passes.add(() -> first0(words, firstBlock));
    passes.add(() -> first1(words, roundKey1(0)));
    passes.add(() -> first2(words, (product1() & WORD) ^ roundKey0(1)));
  }

  /**
   * Adds the passes of a sample, behind the shared ones. They write to the slots, from what was
   * set, what of the words of counter j is used: (r0 ≫ 8) + 1 at D + j and (r2 ≫ 8) + 1 at C + j,
   * each as the double 2⁵² + that; (r1 ≫ 8)·2⁻²⁴ at B + j and (r3 ≫ 8)·2⁻²⁴ at A + j, each as the
   * double 2²⁸ + that.
   */
  void addPasses(List<Pass> passes) {
    // P0[1] is the same in all counters. What follows is from P1[2] and P0[3] on.
    passes.add(() -> secondC(words, (product0() >>> 32) ^ roundKey1(1)));
    passes.add(() -> secondB(words, roundKey0(2)));
    passes.add(() -> secondA(words, (product0() & WORD) ^ roundKey1(2)));
    passes.add(() -> mixC(words, M0, roundKey0(3)));
    passes.add(() -> thirdD(words, roundKey1(3)));
    passes.add(() -> mixA(words, M0, roundKey0(4)));
    passes.add(() -> mixB(words, M1, roundKey1(4)));
    passes.add(() -> mixD(words, M0, roundKey0(5)));
    passes.add(() -> mixC(words, M1, roundKey1(5)));
    passes.add(() -> mixB(words, M0, roundKey0(6)));
    passes.add(() -> mixA(words, M1, roundKey1(6)));
    passes.add(() -> mixC(words, M0, roundKey0(7)));
    passes.add(() -> mixD(words, M1, roundKey1(7)));
    passes.add(() -> mixA(words, M0, roundKey0(8)));
    passes.add(() -> mixB(words, M1, roundKey1(8)));
    passes.add(() -> last0(words, roundKey0(9)));
    passes.add(() -> last1(words));
    passes.add(() -> last2(words, roundKey1(9)));
    passes.add(() -> last3(words));
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

  /** P0[0]; scalar, since C2 takes no index for a value, but once for all samples. */
  private static void first0(LongBuffer words, long firstBlock) {
    for (int j = 0; j < COUNTERS; j++) {
      words.put(P0_0 + j, M0 * (firstBlock + j));
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
