package io.sscam.engine.noise;

import java.util.List;

/**
 * Philox4x32-10 for {@value #COUNTERS} successive counters at once.
 *
 * <p>Written so that HotSpot's C2 vectorises it: plain short loops over a {@link NoiseScratch}. How
 * the high half of a 32×32-bit product is had depends on the vector unit, the words do not. {@link
 * Philox4x32} is the readable form and the oracle.
 *
 * <p>What of the first rounds no sample enters lies in slots of its own, for all samples: so {@link
 * #set} and the shared passes come first, then {@link #setSample} and the other passes, once for
 * each sample.
 *
 * <p>Not thread-safe.
 */
abstract class PhiloxChunk {
  static final int COUNTERS = NoiseScratch.SLOT;

  /** Added to an integer below 2⁵², gives the bits of the double 2⁵² + that integer. */
  static final long BITS_OF_2_POW_52 = 0x4330_0000_0000_0000L;

  /** Added to an integer below 2⁵², gives the bits of the double 2²⁸ + that integer · 2⁻²⁴. */
  static final long BITS_OF_2_POW_28 = 0x41B0_0000_0000_0000L;

  /** The upper 24 bits of a word, once it is shifted by 8. */
  static final long UPPER_24 = 0xFF_FFFFL;

  private int firstBlock;
  private int sample;
  private int channel;
  private int key0;
  private int key1;

  /** The form that is faster on this machine. */
  static PhiloxChunk of(NoiseScratch scratch) {
    return VectorUnit.LONG_PRODUCTS ? new PhiloxLongs(scratch) : new PhiloxInts(scratch);
  }

  /** Sets the counters (firstBlock + j, …, channel, 0), j = 0, 1, …, and the key. */
  final void set(int firstBlock, int channel, long seed) {
    this.firstBlock = firstBlock;
    this.channel = channel;
    key0 = (int) seed;
    key1 = (int) (seed >>> 32);
  }

  /** Sets the counters' second word. */
  final void setSample(int sample) {
    this.sample = sample;
  }

  /** Adds the passes that all samples share: what of the first rounds does not depend on it. */
  abstract void addSharedPasses(List<Pass> passes);

  /**
   * Adds the passes of a sample, behind the shared ones. They write to the slots, from what was
   * set, what of the words of counter j is used: (r0 ≫ 8) + 1 at D + j and (r2 ≫ 8) + 1 at C + j,
   * each as the double 2⁵² + that; (r1 ≫ 8)·2⁻²⁴ at B + j and (r3 ≫ 8)·2⁻²⁴ at A + j, each as the
   * double 2²⁸ + that.
   */
  abstract void addPasses(List<Pass> passes);

  final int firstBlock() {
    return firstBlock;
  }

  final int sample() {
    return sample;
  }

  final int channel() {
    return channel;
  }

  /** Key word 0 of a round, 0 … 9. */
  final int roundKey0(int round) {
    return key0 + round * Philox4x32.W0;
  }

  /** Key word 1 of a round, 0 … 9. */
  final int roundKey1(int round) {
    return key1 + round * Philox4x32.W1;
  }
}
