package io.sscam;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.DataType;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The last steps on the device: L = ReLU(Σ α_k A_k), heatmap = s(U(L)), and one download. */
record Maps(Shape mapShape, float[] maps, Shape heatmapShape, float[] heatmaps) {

  /**
   * Combines channels for several classes.
   *
   * @param alpha (Q)(K)
   * @param activations (K, h, w)
   * @param image (C, H, W), for the heatmaps' size
   */
  static Maps combine(
      Session session, Arena arena, float[][] alpha, Tensor activations, Shape image) {
    int classes = alpha.length;
    int channels = activations.shape().dim(0);
    Shape mapShape = Shape.of(activations.shape().dim(1), activations.shape().dim(2));
    Shape heatmapShape = Shape.of(image.dim(1), image.dim(2));
    Tensor all = arena.allocate("all channels", DataType.I32, Shape.of(channels));
    session.upload(IntStream.range(0, channels).toArray(), all);
    Tensor weights = arena.floats("alpha", classes, channels);
    session.upload(flatten(alpha, channels), weights);
    Tensor map = arena.allocate("maps", DataType.F32, mapShape.withBatch(classes));
    session.weightedSumRelu(weights, all, activations, map);
    Tensor heatmap = arena.allocate("heatmaps", DataType.F32, heatmapShape.withBatch(classes));
    session.upsampleBilinear(map, heatmap);
    Tensor range = arena.floats("ranges", classes, 2);
    session.minMax(heatmap, range);
    session.normalise(heatmap, range, heatmap);
    float[] maps = new float[map.shape().elementsAsInt()];
    session.download(map, maps);
    NonFiniteException.check("the map", maps);
    float[] heatmaps = new float[heatmap.shape().elementsAsInt()];
    session.download(heatmap, heatmaps);
    return new Maps(mapShape, maps, heatmapShape, heatmaps);
  }

  private static float[] flatten(float[][] rows, int width) {
    float[] flat = new float[rows.length * width];
    for (int q = 0; q < rows.length; q++) {
      System.arraycopy(rows[q], 0, flat, q * width, width);
    }
    return flat;
  }

  HostTensor map(int q) {
    return slice(maps, mapShape, q);
  }

  HostTensor heatmap(int q) {
    return slice(heatmaps, heatmapShape, q);
  }

  private static HostTensor slice(float[] all, Shape shape, int q) {
    int size = shape.elementsAsInt();
    return new HostTensor(shape, Arrays.copyOfRange(all, q * size, (q + 1) * size));
  }
}
