package io.sscam.engine.cpu;

/** Upsampling, ranges, normalising and masks: one map a task. */
final class MapLoops {
  private final WorkerPool pool;

  MapLoops(WorkerPool pool) {
    this.pool = pool;
  }

  /** What a task does with one map in the heap. */
  @FunctionalInterface
  private interface PerMap {
    void run(int k, float[] map, float[] blend, float[] result);
  }

  /** Calls {@code body} for each map with scratch of {@code resultSize} floats. */
  private void forEach(CpuTensor maps, int resultSize, PerMap body) {
    int count = maps.dim(0);
    if (count == 0) {
      return;
    }
    int size = (int) (maps.shape().elements() / count);
    int width = maps.shape().dim(maps.shape().rank() - 1);
    // One task a worker, not one a map: the scratch arrays are allocated once a task.
    int tasks = Math.min(count, pool.size());
    pool.run(
        tasks,
        (worker, task) -> {
          float[] map = new float[size];
          float[] blend = new float[width];
          float[] result = new float[resultSize];
          for (int k = task; k < count; k += tasks) {
            maps.read(k * size, map, size);
            body.run(k, map, blend, result);
          }
        });
  }

  void upsample(CpuTensor maps, CpuTensor out) {
    Upsampler upsampler = new Upsampler(maps.dim(1), maps.dim(2), out.dim(1), out.dim(2));
    int plane = out.dim(1) * out.dim(2);
    forEach(
        maps,
        plane,
        (k, map, blend, result) -> {
          upsampler.run(map, 0, 1, blend, result);
          out.write(k * plane, result, plane);
        });
  }

  void minMax(CpuTensor maps, CpuTensor range) {
    forEach(maps, 2, (k, map, blend, result) -> writeRange(map, range, k));
  }

  void upsampledMinMax(CpuTensor maps, int height, int width, CpuTensor range) {
    Upsampler upsampler = new Upsampler(maps.dim(1), maps.dim(2), height, width);
    forEach(
        maps,
        height * width,
        (k, map, blend, result) -> {
          upsampler.run(map, 0, 1, blend, result);
          writeRange(result, range, k);
        });
  }

  void maskedMinMax(CpuTensor maps, CpuTensor affine, CpuTensor image, CpuTensor range) {
    int plane = image.dim(1) * image.dim(2);
    Upsampler upsampler = new Upsampler(maps.dim(1), maps.dim(2), image.dim(1), image.dim(2));
    float[] pixels = image.toArray();
    float[] parameters = affine.toArray();
    forEach(
        maps,
        plane,
        (k, map, blend, mask) -> {
          upsampler.run(map, parameters[3 * k], parameters[3 * k + 1], blend, mask);
          float low = Float.POSITIVE_INFINITY;
          float high = Float.NEGATIVE_INFINITY;
          for (int c = 0; c < image.dim(0); c++) {
            for (int i = 0; i < plane; i++) {
              float value = mask[i] * pixels[c * plane + i];
              low = Math.min(low, value);
              high = Math.max(high, value);
            }
          }
          range.write(2 * k, new float[] {low, high}, 2);
        });
  }

  private static void writeRange(float[] values, CpuTensor range, int k) {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      low = Math.min(low, value); // NaN stays NaN, and is seen by the caller
      high = Math.max(high, value);
    }
    range.write(2 * k, new float[] {low, high}, 2);
  }

  void normalise(CpuTensor maps, CpuTensor range, CpuTensor out) {
    float[] ranges = range.toArray();
    forEach(
        maps,
        0,
        (k, map, blend, result) -> {
          float low = ranges[2 * k];
          float extent = ranges[2 * k + 1] - low;
          for (int i = 0; i < map.length; i++) {
            map[i] = extent == 0 ? 0 : (map[i] - low) / extent;
          }
          out.write(k * map.length, map, map.length);
        });
  }

  void maskMultiply(CpuTensor mask, CpuTensor image, CpuTensor out) {
    float[] factors = mask.toArray();
    forEach(
        image,
        0,
        (c, channel, blend, result) -> {
          for (int i = 0; i < channel.length; i++) {
            channel[i] *= factors[i];
          }
          out.write(c * channel.length, channel, channel.length);
        });
  }
}
