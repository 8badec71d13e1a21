package io.sscam.engine.noise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The vectorised words, in either form, against the readable ones, in all 24 bits in use. */
class PhiloxChunkTest {
  private final List<Form> forms =
      List.of(new Form("longs", PhiloxLongs::new), new Form("ints", PhiloxInts::new));

  private static final class Form {
    final String name;
    final NoiseScratch scratch = new NoiseScratch();
    final PhiloxChunk chunk;
    final List<Pass> passes = new ArrayList<>();

    Form(String name, Function<NoiseScratch, PhiloxChunk> make) {
      this.name = name;
      chunk = make.apply(scratch);
      chunk.addSharedPasses(passes);
      chunk.addPasses(passes);
    }

    long[] words(int firstBlock, int sample, int channel, long seed) {
      chunk.set(firstBlock, channel, seed);
      chunk.setSample(sample);
      passes.forEach(Pass::run);
      long[] words = new long[4 * PhiloxChunk.COUNTERS];
      for (int j = 0; j < PhiloxChunk.COUNTERS; j++) {
        words[4 * j] = numerator(NoiseScratch.D + j) - 1;
        words[4 * j + 1] = turn(NoiseScratch.B + j);
        words[4 * j + 2] = numerator(NoiseScratch.C + j) - 1;
        words[4 * j + 3] = turn(NoiseScratch.A + j);
      }
      return words;
    }

    private long numerator(int place) {
      return (long) (scratch.doubles.get(place) - 0x1p52);
    }

    private long turn(int place) {
      return (long) ((scratch.doubles.get(place) - 0x1p28) * 0x1p24);
    }
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

  @Property
  void upperHalvesOfProducts(@ForAll int b) {
    assertThat(PhiloxInts.high0(b)).isEqualTo((int) ((Philox4x32.M0 * (b & 0xFFFF_FFFFL)) >>> 32));
    assertThat(PhiloxInts.high1(b)).isEqualTo((int) ((Philox4x32.M1 * (b & 0xFFFF_FFFFL)) >>> 32));
  }

  /** Where partial sums are largest, or carry. */
  @Example
  void upperHalvesOfProductsAtTheEdges() {
    int[] halves = {0, 1, 2, 0x7FFF, 0x8000, 0x8001, 0xFFFE, 0xFFFF};
    for (int upper : halves) {
      for (int lower : halves) {
        upperHalvesOfProducts((upper << 16) | lower);
      }
    }
  }

  private void check(int firstBlock, int sample, int channel, long seed) {
    long[] expected = new long[4 * PhiloxChunk.COUNTERS];
    for (int j = 0; j < PhiloxChunk.COUNTERS; j++) {
      int[] words = Philox4x32.block(firstBlock + j, sample, channel, 0, seed);
      for (int lane = 0; lane < 4; lane++) {
        expected[4 * j + lane] = Integer.toUnsignedLong(words[lane]) >>> 8;
      }
    }
    for (Form form : forms) {
      assertThat(form.words(firstBlock, sample, channel, seed))
          .as(form.name)
          .containsExactly(expected);
    }
  }
}
