package io.sscam.engine.cpu;

import io.sscam.engine.backend.CamOperations.Chunk;
import io.sscam.engine.backend.CamOperations.Noise;
import io.sscam.engine.noise.GaussianNoise;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the masked, perturbed pictures of a chunk: each worker takes runs of neighbouring pairs and
 * works in heap arrays of its own, so that the mask of a channel serves all its samples and only
 * finished pictures leave the cache.
 */
final class PerturbLoop {
  /** Pairs a task at most: enough to reuse a mask, few enough to balance the workers. */
  private static final int LONGEST_RUN = 4;

  private final WorkerPool pool;
  private final Scratch[] scratch;
  private float[] parameters = new float[0];

  /** One worker's arrays. */
  private static final class Scratch {
    final GaussianNoise noise = new GaussianNoise();
    private @Nullable Upsampler upsampler;
    float[] map = new float[0];
    float[] mask = new float[0];
    float[] masked = new float[0];
    float[] noisy = new float[0];

    void fit(int mapSize, int elements) {
      map = atLeast(map, mapSize);
      mask = atLeast(mask, elements);
      masked = atLeast(masked, elements);
      noisy = atLeast(noisy, elements);
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
    for (int i = 0; i < scratch.length; i++) {
      scratch[i] = new Scratch();
    }
  }

  /** What all workers of one call share. */
  record Job(
      Noise noise,
      long seed,
      Chunk chunk,
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
  }

  /** Checks what a call is about; it may be used until the next one is prepared. */
  Job prepare(
      Noise noise,
      long seed,
      Chunk chunk,
      int[] channels,
      CpuTensor maps,
      CpuTensor affine,
      CpuTensor image,
      CpuTensor out) {
    int elements = image.shape().elementsAsInt();
    if (chunk.count() > out.dim(0) || elements != out.shape().elements() / out.dim(0)) {
      throw new IllegalArgumentException(
          chunk.count() + " pictures " + image.shape() + " do not fit into " + out.shape());
    }
    parameters = atLeast(parameters, affine.shape().elementsAsInt());
    affine.read(0, parameters, affine.shape().elementsAsInt());
    return new Job(noise, seed, chunk, channels, maps, parameters, image, out);
  }

  /** Makes all pictures of the chunk, on all workers. */
  void run(Job job) {
    int count = job.chunk.count();
    int share = (count + pool.size() - 1) / pool.size();
    int longestRun = Math.max(1, Math.min(LONGEST_RUN, share));
    int tasks = (count + longestRun - 1) / longestRun;
    pool.run(
        tasks,
        (worker, task) -> {
          int first = task * longestRun;
          rows(job, worker, first, Math.min(longestRun, count - first));
        });
  }

  /** Makes some neighbouring pictures of the chunk, on the worker's own thread. */
  void rows(Job job, int worker, int first, int count) {
    Scratch own = scratch[worker];
    int elements = job.elements();
    int mapSize = job.maps.dim(1) * job.maps.dim(2);
    own.fit(mapSize, elements);
    int current = -1;
    for (int row = first; row < first + count; row++) {
      long pair = job.chunk.first() + row;
      int channel = job.channels[Math.toIntExact(pair / job.chunk.samples())];
      int sample = (int) (pair % job.chunk.samples());
      if (channel != current) {
        mask(job, own, channel, mapSize);
        current = channel;
      }
      float tau = job.parameters[3 * channel + 2];
      FloatBuffer out = job.out.buffer().floats().position(row * elements);
      picture(job, own, channel, sample, tau, out);
    }
  }

  private static void mask(Job job, Scratch scratch, int channel, int mapSize) {
    job.maps.read(channel * mapSize, scratch.map, mapSize);
    float shift = job.parameters[3 * channel];
    float scale = job.parameters[3 * channel + 1];
    scratch
        .upsampler(job.maps, job.image.dim(1), job.image.dim(2))
        .run(scratch.map, shift, scale, scratch.mask);
    if (job.noise != Noise.MASK) {
      multiply(scratch.mask, job, scratch.masked);
    }
  }

  private static void picture(
      Job job, Scratch scratch, int channel, int sample, float tau, FloatBuffer out) {
    int elements = job.elements();
    switch (job.noise) {
      case NONE -> out.put(scratch.masked, 0, elements);
      case MASKED_INPUT ->
          scratch.noise.addScaled(scratch.masked, elements, tau, out, job.seed, channel, sample, 0);
      case MASK -> {
        float[] noisy = scratch.noisy;
        FloatBuffer target = FloatBuffer.wrap(noisy);
        scratch.noise.addScaled(
            scratch.mask, job.plane(), tau, target, job.seed, channel, sample, 0);
        multiply(noisy, job, scratch.masked); // free in this mode
        out.put(scratch.masked, 0, elements);
      }
    }
  }

  /**
   * {@code out[c][i] = mask[i] * image[c][i]}.
   *
   * @param mask H×W elements, repeated here for every colour
   */
  private static void multiply(float[] mask, Job job, float[] out) {
    int plane = job.plane();
    for (int start = plane; start < job.elements(); start += plane) {
      System.arraycopy(mask, 0, mask, start, plane);
    }
    job.image.read(0, out, job.elements());
    multiply(out, mask, job.elements());
  }

  /** On its own and from 0 on in both arrays: so C2 vectorises it. */
  private static void multiply(float[] out, float[] factors, int elements) {
    for (int i = 0; i < elements; i++) {
      out[i] *= factors[i];
    }
  }

  void gaussianNoise(long seed, int channel, int sample, CpuTensor out) {
    float[] values = new float[out.shape().elementsAsInt()];
    scratch[0].noise.fill(values, 0, values.length, seed, channel, sample, 0);
    out.write(0, values, values.length);
  }
}
