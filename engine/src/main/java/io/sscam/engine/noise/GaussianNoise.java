package io.sscam.engine.noise;

import static io.sscam.engine.noise.NoiseScratch.BASE;
import static io.sscam.engine.noise.NoiseScratch.NORMALS;
import static io.sscam.engine.noise.NoiseScratch.SUMS;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The standard normals z(seed, k, i) of SS-CAM: a pure function of seed, channel k, sample i and
 * element e, so the noise does not depend on device, batch size or thread count.
 *
 * <p>Element e is lane e mod 4 of Philox4x32-10 with counter (e div 4, i, k, 0) and key (low, high
 * 32 bits of the seed). From the words r0…r3: u = ((r0 ≫ 8) + 1)·2⁻²⁴, v = (r1 ≫ 8)·2⁻²⁴, ρ = √(−2
 * ln u); lane 0 = ρ cos 2πv, lane 1 = ρ sin 2πv; lanes 2 and 3 likewise from r2 and r3. The result
 * is within 1 ulp of float32 of the exact value, and the same on every JVM but for a rare last
 * digit where the processor has no fused multiply-add.
 *
 * <p>Holds its scratch (about 90 KiB), so it is not thread-safe: one instance per thread. Its
 * methods allocate nothing.
 */
public final class GaussianNoise {
  /** Elements that are made at once; so many at a time, from a multiple of it on, cost least. */
  public static final int CHUNK = 4 * PhiloxChunk.COUNTERS;

  /** Floats that a line of a cache holds, on most processors. */
  private static final int LINE = 16;

  private final NoiseScratch scratch = new NoiseScratch();
  private final PhiloxChunk words = PhiloxChunk.of(scratch);
  private final Pass[] shared;
  private final Pass[] passes;
  private float tau;
  private final Pass addition = () -> axpy(this.tau, scratch.floats);

  public GaussianNoise() {
    List<Pass> ofAllSamples = new ArrayList<>();
    words.addSharedPasses(ofAllSamples);
    shared = ofAllSamples.toArray(new Pass[0]);
    List<Pass> ofOne = new ArrayList<>();
    words.addPasses(ofOne);
    new BoxMullerChunk(scratch).addPasses(ofOne);
    passes = ofOne.toArray(new Pass[0]);
  }

  /**
   * Writes {@code dst[dstOffset + j] = z} for the elements firstElement + j, 0 ≤ j &lt; count.
   *
   * @param channel k, the channel of the target layer
   * @param sample i, the noisy sample of that channel
   * @param firstElement e, in C order of the tensor that receives the noise; need not be aligned
   * @throws IndexOutOfBoundsException if the range does not lie in {@code dst}
   * @throws IllegalArgumentException if an element index is negative or over {@link
   *     Integer#MAX_VALUE}
   */
  public void fill(
      float[] dst, int dstOffset, int count, long seed, int channel, int sample, int firstElement) {
    Objects.checkFromIndexSize(dstOffset, count, dst.length);
    checkElements(firstElement, count);
    int done = 0;
    while (done < count) {
      int element = firstElement + done;
      int lane = element & 3;
      int n = Math.min(count - done, CHUNK - lane);
      begin(seed, channel, element);
      generate(sample);
      scratch.floats.get(NORMALS + lane, dst, dstOffset + done, n);
      done += n;
    }
  }

  /**
   * Adds the noise of some samples of a channel to the same values: {@code dst[i * stride + j] =
   * base[j] + tau * z} for the i-th of the samples and element firstElement + j, 0 ≤ j &lt; count,
   * both operations rounded to float32, counted from the position of {@code dst}, which stays. What
   * lies in between never leaves the second cache level.
   *
   * @param tau the standard deviation of the noise
   * @param firstElement e, in C order of the tensor that receives the noise; need not be aligned
   * @param stride from one sample's values in {@code dst} to the next one's; at least count
   * @throws IndexOutOfBoundsException if the values do not lie in {@code base} or in {@code dst}
   * @throws IllegalArgumentException if an element index is negative or over {@link
   *     Integer#MAX_VALUE}, or the stride too small
   */
  public void addScaled(
      float[] base,
      int count,
      float tau,
      Samples samples,
      int firstElement,
      FloatBuffer dst,
      int stride) {
    Objects.checkFromIndexSize(0, count, base.length);
    checkElements(firstElement, count);
    if (stride < count) {
      throw new IllegalArgumentException("a stride of " + stride + " for " + count + " elements");
    }
    long reach = samples.count() == 0 ? 0 : (samples.count() - 1L) * stride + count;
    Objects.checkFromIndexSize(0, reach, (long) dst.remaining());
    this.tau = tau;
    int done = 0;
    while (done < count) {
      int lane = (firstElement + done) & 3;
      int n = Math.min(count - done, CHUNK - lane);
      scratch.floats.put(BASE + lane, base, done, n);
      begin(samples.seed(), samples.channel(), firstElement + done);
      for (int i = 0; i < samples.count(); i++) {
        int at = dst.position() + i * stride + done;
        generate(samples.first() + i, dst, at, n);
        addition.run();
        dst.put(at, scratch.floats, SUMS + lane, n);
      }
      done += n;
    }
  }

  private static void checkElements(int firstElement, int count) {
    if (firstElement < 0 || firstElement > Integer.MAX_VALUE - count) {
      throw new IllegalArgumentException(
          "elements " + firstElement + " + " + count + " are not all valid indices");
    }
  }

  /** Makes what all samples share, from the counter of {@code element} on. */
  private void begin(long seed, int channel, int element) {
    words.set(element >>> 2, channel, seed);
    run(shared);
  }

  /** Makes the normals of a sample. */
  private void generate(int sample) {
    words.setSample(sample);
    run(passes);
  }

  /**
   * Makes the normals of a sample, and meanwhile has the lines that {@code count} of them will go
   * to come into the cache, by a store to each: the processor computes while a few of these wait,
   * but not while all the values do. They are cold, since a forward pass lies between two uses.
   */
  private void generate(int sample, FloatBuffer dst, int at, int count) {
    words.setSample(sample);
    int share = count / passes.length + 1;
    int asked = 0;
    for (Pass pass : passes) {
      int end = Math.min(asked + share, count);
      for (int i = asked; i < end; i += LINE) {
        dst.put(at + i, 0);
      }
      asked = end;
      pass.run();
    }
  }

  private static void run(Pass[] passes) {
    for (Pass pass : passes) {
      pass.run();
    }
  }

  private static void axpy(float tau, FloatBuffer values) {
    for (int j = 0; j < CHUNK; j++) {
      values.put(SUMS + j, values.get(BASE + j) + tau * values.get(NORMALS + j));
    }
  }
}
