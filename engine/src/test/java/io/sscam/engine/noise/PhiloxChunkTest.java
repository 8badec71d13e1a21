package io.sscam.engine.noise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The vectorised words against the readable ones, in all 24 bits that are used. */
class PhiloxChunkTest {
  private final NoiseScratch scratch = new NoiseScratch();
  private final PhiloxChunk chunk = new PhiloxChunk(scratch);
  private final List<Pass> passes = new ArrayList<>();

  PhiloxChunkTest() {
    chunk.addSharedPasses(passes);
    chunk.addPasses(passes);
  }

  @Property(tries = 300)
  void wordsAreThoseOfTheOracle(
      @ForAll int firstBlock, @ForAll int sample, @ForAll int channel, @ForAll long seed) {
    check(firstBlock >>> 3, sample, channel, seed);
  }

  @Example
  void extremes() {
    for (long seed : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 0xFFFF_FFFFL}) {
      check(0, 0, 0, seed);
      check(Integer.MAX_VALUE >>> 2, -1, -1, seed);
    }
  }

  private void check(int firstBlock, int sample, int channel, long seed) {
    chunk.set(firstBlock, channel, seed);
    chunk.setSample(sample);
    passes.forEach(Pass::run);
    int n = PhiloxChunk.COUNTERS;
    long[] expected = new long[4 * n];
    long[] actual = new long[4 * n];
    for (int j = 0; j < n; j++) {
      int[] words = Philox4x32.block(firstBlock + j, sample, channel, 0, seed);
      for (int lane = 0; lane < 4; lane++) {
        expected[4 * j + lane] = Integer.toUnsignedLong(words[lane]) >>> 8;
      }
      actual[4 * j] = numerator(NoiseScratch.D + j) - 1;
      actual[4 * j + 1] = turn(NoiseScratch.B + j);
      actual[4 * j + 2] = numerator(NoiseScratch.C + j) - 1;
      actual[4 * j + 3] = turn(NoiseScratch.A + j);
    }
    assertThat(actual).containsExactly(expected);
  }

  private long numerator(int place) {
    return (long) (scratch.doubles.get(place) - 0x1p52);
  }

  private long turn(int place) {
    return (long) ((scratch.doubles.get(place) - 0x1p28) * 0x1p24);
  }
}
