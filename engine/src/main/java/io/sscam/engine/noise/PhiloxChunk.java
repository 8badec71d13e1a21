package io.sscam.engine.noise;

import static io.sscam.engine.noise.Philox4x32.M0;
import static io.sscam.engine.noise.Philox4x32.M1;
import static io.sscam.engine.noise.Philox4x32.ROUNDS;
import static io.sscam.engine.noise.Philox4x32.W0;
import static io.sscam.engine.noise.Philox4x32.W1;

import java.util.Arrays;
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
 * than C2 of JDK 17 vectorises (three times slower, measured). The four slots A to D of one array
 * change their parts round by round, and after four rounds they are back. They have a method each,
 * because C2 vectorises the loop only if their offsets are constants.
 *
 * <p>Not thread-safe. {@link Philox4x32} is the readable form and the oracle.
 */
final class PhiloxChunk {
  /**
   * Counters per chunk: large enough that the scalar heads and tails of the vector loops do not
   * count, small enough that the scratch stays in the second cache level.
   */
  static final int COUNTERS = 1024;

  /**
   * Elements of 8 bytes between two slots beyond their contents. A load whose address equals that
   * of a store shortly before it in the last 12 bits waits for the store (five times slower,
   * measured); with this the slots lie at least 1 KiB apart in these bits. In separate arrays,
   * which the garbage collector moves, that would be luck.
   */
  static final int GAP = 128;

  private static final int STRIDE = COUNTERS + GAP;

  /** P0[1] at first, word 3 in the end. */
  static final int A = 0;

  /** P1[1] at first, word 1 in the end. */
  static final int B = STRIDE;

  /** P0[0] at first, word 2 in the end. */
  static final int C = 2 * STRIDE;

  /** P1[0] at first, word 0 in the end. */
  static final int D = 3 * STRIDE;

  /** Added to an integer below 2⁵², gives the bits of the double 2⁵² + that integer. */
  static final long BITS_OF_2_POW_52 = 0x4330_0000_0000_0000L;

  private static final long WORD = 0xFFFF_FFFFL;
  private static final long UPPER_24 = 0xFF_FFFFL;

  /** 0, 1, 2, …: C2 of JDK 17 cannot vectorise the use of a loop index as a value. */
  private static final long[] INDEX = new long[COUNTERS];

  static {
    for (int j = 0; j < COUNTERS; j++) {
      INDEX[j] = j;
    }
  }

  /**
   * After the passes the upper 24 bits of the words of counter j: (r0 ≫ 8) + 1 at {@link #D} + j,
   * r1 ≫ 8 at {@link #B} + j, (r2 ≫ 8) + 1 at {@link #C} + j, r3 ≫ 8 at {@link #A} + j, each as the
   * bits of the double 2⁵² + that.
   */
  final long[] words = new long[4 * STRIDE];

  private long firstBlock;
  private long sample;
  private long channel;
  private int key0;
  private int key1;

  /** Sets the counters (firstBlock + j, sample, channel, 0), j = 0, 1, …, and the key. */
  void set(int firstBlock, int sample, int channel, long seed) {
    this.firstBlock = firstBlock & WORD;
    this.sample = sample & WORD;
    this.channel = channel & WORD;
    key0 = (int) seed;
    key1 = (int) (seed >>> 32);
  }

  /** Adds the passes that compute {@link #words} from what was set. */
  void addPasses(List<Pass> passes) {
    passes.add(() -> firstProducts0(words, firstBlock));
    passes.add(this::fillProductsOfChannel);
    passes.add(() -> secondProducts1(words, roundKey1(0)));
    for (int n = 1; n < ROUNDS - 1; n += 4) {
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
    passes.add(() -> mixC(words, M0, roundKey0(n + 2)));
    passes.add(() -> mixD(words, M1, roundKey1(n + 2)));
    passes.add(() -> mixA(words, M0, roundKey0(n + 3)));
    passes.add(() -> mixB(words, M1, roundKey1(n + 3)));
  }

  private long roundKey0(int round) {
    return (key0 + round * W0) & WORD;
  }

  private long roundKey1(int round) {
    return (key1 + round * W1) & WORD;
  }

  private static void firstProducts0(long[] words, long firstBlock) {
    for (int j = 0; j < COUNTERS; j++) {
      words[C + j] = M0 * (firstBlock + INDEX[j]);
    }
  }

  /** P1[0] and P0[1], which all counters have in common. */
  private void fillProductsOfChannel() {
    long product = M1 * channel;
    Arrays.fill(words, D, D + COUNTERS, product);
    Arrays.fill(words, A, A + COUNTERS, M0 * ((product >>> 32) ^ sample ^ roundKey0(0)));
  }

  private static void secondProducts1(long[] words, long roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      words[B + j] = M1 * ((words[C + j] >>> 32) ^ roundKey);
    }
  }

  private static void mixA(long[] words, long multiplier, long roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      words[A + j] = multiplier * (((words[D + j] >>> 32) ^ words[A + j] ^ roundKey) & WORD);
    }
  }

  private static void mixB(long[] words, long multiplier, long roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      words[B + j] = multiplier * (((words[C + j] >>> 32) ^ words[B + j] ^ roundKey) & WORD);
    }
  }

  private static void mixC(long[] words, long multiplier, long roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      words[C + j] = multiplier * (((words[A + j] >>> 32) ^ words[C + j] ^ roundKey) & WORD);
    }
  }

  private static void mixD(long[] words, long multiplier, long roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      words[D + j] = multiplier * (((words[B + j] >>> 32) ^ words[D + j] ^ roundKey) & WORD);
    }
  }

  private static void last0(long[] words, long roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      long word = (words[B + j] >>> 32) ^ words[D + j] ^ roundKey;
      words[D + j] = ((word >>> 8) & UPPER_24) + (BITS_OF_2_POW_52 + 1);
    }
  }

  private static void last2(long[] words, long roundKey) {
    for (int j = 0; j < COUNTERS; j++) {
      long word = (words[A + j] >>> 32) ^ words[C + j] ^ roundKey;
      words[C + j] = ((word >>> 8) & UPPER_24) + (BITS_OF_2_POW_52 + 1);
    }
  }

  private static void last1(long[] words) {
    for (int j = 0; j < COUNTERS; j++) {
      words[B + j] = ((words[B + j] >>> 8) & UPPER_24) + BITS_OF_2_POW_52;
    }
  }

  private static void last3(long[] words) {
    for (int j = 0; j < COUNTERS; j++) {
      words[A + j] = ((words[A + j] >>> 8) & UPPER_24) + BITS_OF_2_POW_52;
    }
  }
}
