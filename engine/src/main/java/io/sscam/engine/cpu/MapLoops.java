package io.sscam.engine.cpu;

import java.util.function.Supplier;

/** Upsampling, ranges, normalising and masks: one map a task. */
final class MapLoops {
  private final WorkerPool pool;

  MapLoops(WorkerPool pool) {
    this.pool = pool;
  }

  /** What a worker does with one map in the heap. */
  @FunctionalInterface
  private interface PerMap {
    void run(int k, float[] map);
  }

  /** Calls for each map the body of a worker, which holds that worker's scratch. */
  private void forEach(CpuTensor maps, Supplier<PerMap> bodyOfWorker) {
    int count = maps.dim(0);
    if (count == 0) {
      return;
    }
    int size = (int) (maps.shape().elements() / count);
    // One task a worker, not one a map: the scratch arrays are allocated once a task.
    int tasks = Math.min(count, pool.size());
    pool.run(
        tasks,
        (worker, task) -> {
          float[] map = new float[size];
          PerMap body = bodyOfWorker.get();
          for (int k = task; k < count; k += tasks) {
            maps.read(k * size, map, size);
            body.run(k, map);
          }
        });
  }

  void upsample(CpuTensor maps, CpuTensor out) {
    forEach(
        maps,
        () -> {
          Upsampler upsampler = upsampler(maps, out.dim(1), out.dim(2));
          float[] result = new float[out.dim(1) * out.dim(2)];
          return (k, map) -> {
            upsampler.run(map, 0, 1, result);
            out.write(k * result.length, result, result.length);
          };
        });
  }

  private static Upsampler upsampler(CpuTensor maps, int height, int width) {
    return new Upsampler(maps.dim(1), maps.dim(2), height, width);
  }

  void minMax(CpuTensor maps, CpuTensor range) {
    forEach(maps, () -> (k, map) -> writeRange(map, range, k));
  }

  void upsampledMinMax(CpuTensor maps, int height, int width, CpuTensor range) {
    forEach(
        maps,
        () -> {
          Upsampler upsampler = upsampler(maps, height, width);
          float[] result = new float[height * width];
          return (k, map) -> {
            upsampler.run(map, 0, 1, result);
            writeRange(result, range, k);
          };
        });
  }

  void maskedMinMax(CpuTensor maps, CpuTensor affine, CpuTensor image, CpuTensor range) {
    float[] pixels = image.toArray();
    float[] parameters = affine.toArray();
    forEach(
        maps,
        () -> {
          Upsampler upsampler = upsampler(maps, image.dim(1), image.dim(2));
          float[] mask = new float[image.dim(1) * image.dim(2)];
          return (k, map) -> {
            upsampler.run(map, parameters[3 * k], parameters[3 * k + 1], mask);
            writeMaskedRange(mask, pixels, range, k);
          };
        });
  }

  private static void writeMaskedRange(float[] mask, float[] pixels, CpuTensor range, int k) {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (int start = 0; start < pixels.length; start += mask.length) {
      for (int i = 0; i < mask.length; i++) {
        float value = mask[i] * pixels[start + i];
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    range.write(2 * k, new float[] {low, high}, 2);
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
    PerMap body =
        (k, map) -> {
          float low = ranges[2 * k];
          float extent = ranges[2 * k + 1] - low;
          for (int i = 0; i < map.length; i++) {
            map[i] = extent == 0 ? 0 : (map[i] - low) / extent;
          }
          out.write(k * map.length, map, map.length);
        };
    forEach(maps, () -> body);
  }

  void maskMultiply(CpuTensor mask, CpuTensor image, CpuTensor out) {
    float[] factors = mask.toArray();
    PerMap body =
        (c, channel) -> {
          for (int i = 0; i < channel.length; i++) {
            channel[i] *= factors[i];
          }
          out.write(c * channel.length, channel, channel.length);
        };
    forEach(image, () -> body);
  }
}
