package io.sscam.engine.cpu;

import io.sscam.engine.backend.CamOperations.Noise;
import io.sscam.engine.noise.GaussianNoise;
import io.sscam.engine.noise.Samples;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the masked, perturbed pictures of pairs: each worker takes runs of neighbouring pairs and
 * works in heap arrays of its own, so that the mask of a channel serves all its samples and only
 * finished pictures leave the cache.
 */
final class PerturbLoop {
  /** Pairs a task at most: enough to reuse a mask, few enough to balance the workers. */
  private static final int LONGEST_RUN = 4;

  private final WorkerPool pool;
  private final @Nullable Scratch[] scratch; // made where noise or masks are needed: see VectorUnit
  private float[] parameters = new float[0];

  /** One worker's arrays. */
  private static final class Scratch {
    final GaussianNoise noise = new GaussianNoise();
    private @Nullable Upsampler upsampler;
    float[] map = new float[0];
    float[] mask = new float[0];
    float[] noisy = new float[0];
    final float[] masked = new float[GaussianNoise.CHUNK];
    final float[] factors = new float[GaussianNoise.CHUNK];

    void fit(int mapSize, int plane) {
      map = atLeast(map, mapSize);
      mask = atLeast(mask, plane);
      noisy = atLeast(noisy, plane);
    }

    Upsampler upsampler(CpuTensor maps, int height, int width) {
      Upsampler current = upsampler;
      if (current == null || !current.fits(maps.dim(1), maps.dim(2), height, width)) {
        current = new Upsampler(maps.dim(1), maps.dim(2), height, width);
        upsampler = current;
      }
      return current;
    }
  }

  private static float[] atLeast(float[] array, int size) {
    return array.length >= size ? array : new float[size];
  }

  PerturbLoop(WorkerPool pool) {
    this.pool = pool;
    this.scratch = new Scratch[pool.size()];
  }

  private Scratch scratch(int worker) {
    Scratch own = scratch[worker];
    if (own == null) {
      own = new Scratch();
      scratch[worker] = own;
    }
    return own;
  }

  /** What all workers of one call share. */
  record Job(
      Noise noise,
      long seed,
      int samples,
      int[] channels,
      CpuTensor maps,
      float[] parameters,
      CpuTensor image,
      CpuTensor out) {
    int plane() {
      return image.dim(1) * image.dim(2);
    }

    int elements() {
      return image.dim(0) * plane();
    }

    float tau(int channel) {
      return parameters[3 * channel + 2];
    }
  }

  /** Checks what a call is about; it may be used until the next one is prepared. */
  Job prepare(
      Noise noise,
      long seed,
      int samples,
      int[] channels,
      CpuTensor maps,
      CpuTensor affine,
      CpuTensor image,
      CpuTensor out) {
    int elements = image.shape().elementsAsInt();
    if (elements != out.shape().elements() / out.dim(0)) {
      throw new IllegalArgumentException(
          "pictures " + image.shape() + " do not fit into " + out.shape());
    }
    parameters = atLeast(parameters, affine.shape().elementsAsInt());
    affine.read(0, parameters, affine.shape().elementsAsInt());
    return new Job(noise, seed, samples, channels, maps, parameters, image, out);
  }

  /** Makes the pictures of some pairs, on all workers, from the first place on. */
  void run(Job job, long first, int count) {
    if (count > job.out.dim(0)) {
      throw new IllegalArgumentException(
          count + " pictures " + job.image.shape() + " do not fit into " + job.out.shape());
    }
    int share = (count + pool.size() - 1) / pool.size();
    int longestRun = Math.max(1, Math.min(LONGEST_RUN, share));
    int tasks = (count + longestRun - 1) / longestRun;
    pool.run(
        tasks,
        (worker, task) -> {
          int place = task * longestRun;
          rows(job, worker, first + place, Math.min(longestRun, count - place), place);
        });
  }

  /**
   * Makes the pictures of some neighbouring pairs, on the worker's own thread.
   *
   * @param place of the first of them in the batch
   */
  void rows(Job job, int worker, long first, int count, int place) {
    Scratch own = scratch(worker);
    int elements = job.elements();
    int mapSize = job.maps.dim(1) * job.maps.dim(2);
    own.fit(mapSize, job.plane());
    int done = 0;
    while (done < count) {
      long pair = first + done;
      int channel = job.channels[Math.toIntExact(pair / job.samples)];
      int sample = (int) (pair % job.samples);
      int samples = Math.min(job.samples - sample, count - done);
      mask(job, own, channel, mapSize);
      FloatBuffer out = job.out.buffer().floats().position((place + done) * elements);
      pictures(job, own, new Samples(job.seed, channel, sample, samples), out);
      done += samples;
    }
  }

  private static void mask(Job job, Scratch scratch, int channel, int mapSize) {
    job.maps.read(channel * mapSize, scratch.map, mapSize);
    float shift = job.parameters[3 * channel];
    float scale = job.parameters[3 * channel + 1];
    scratch
        .upsampler(job.maps, job.image.dim(1), job.image.dim(2))
        .run(scratch.map, shift, scale, scratch.mask);
  }

  /** Writes the pictures of some samples from the position of {@code out} on. */
  private static void pictures(Job job, Scratch scratch, Samples samples, FloatBuffer out) {
    if (job.noise != Noise.MASK) {
      masked(job, scratch, scratch.mask, samples, out);
      return;
    }
    int plane = job.plane();
    FloatBuffer noisy = FloatBuffer.wrap(scratch.noisy);
    float tau = job.tau(samples.channel());
    for (int i = 0; i < samples.count(); i++) {
      Samples one = new Samples(samples.seed(), samples.channel(), samples.first() + i, 1);
      scratch.noise.addScaled(scratch.mask, plane, tau, one, 0, noisy, plane);
      masked(job, scratch, scratch.noisy, one, out);
      out.position(out.position() + job.elements());
    }
  }

  /**
   * Writes the picture times a mask, and with noise if that belongs to the masked input: a few
   * elements of all samples after the other, so that these few stay near.
   */
  private static void masked(
      Job job, Scratch scratch, float[] mask, Samples samples, FloatBuffer out) {
    FloatBuffer target = out.duplicate();
    float[] masked = scratch.masked;
    int elements = job.elements();
    for (int start = 0; start < elements; start += masked.length) {
      int count = Math.min(masked.length, elements - start);
      multiply(job, scratch, mask, start, count);
      target.position(out.position() + start);
      if (job.noise == Noise.MASKED_INPUT) {
        float tau = job.tau(samples.channel());
        scratch.noise.addScaled(masked, count, tau, samples, start, target, elements);
      } else {
        for (int i = 0; i < samples.count(); i++) {
          target.put(target.position() + i * elements, masked, 0, count);
        }
      }
    }
  }

  /** {@code masked[j] = mask[(start + j) mod plane] * image[start + j]}. */
  private static void multiply(Job job, Scratch scratch, float[] mask, int start, int count) {
    int plane = job.plane();
    int done = 0;
    while (done < count) {
      int from = (start + done) % plane;
      int n = Math.min(count - done, plane - from);
      System.arraycopy(mask, from, scratch.factors, done, n);
      done += n;
    }
    job.image.read(start, scratch.masked, count);
    multiply(scratch.masked, scratch.factors, count);
  }

  /** On its own and from 0 on in both arrays: so C2 vectorises it. */
  private static void multiply(float[] out, float[] factors, int elements) {
    for (int i = 0; i < elements; i++) {
      out[i] *= factors[i];
    }
  }

  void gaussianNoise(long seed, int channel, int sample, CpuTensor out) {
    float[] values = new float[out.shape().elementsAsInt()];
    scratch(0).noise.fill(values, 0, values.length, seed, channel, sample, 0);
    out.write(0, values, values.length);
  }
}
