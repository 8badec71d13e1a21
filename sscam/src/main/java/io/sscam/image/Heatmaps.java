package io.sscam.image;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.nets.Geometry;

/** Heatmaps in the coordinates of the picture. */
public final class Heatmaps {
  private Heatmaps() {}

  /**
   * A heatmap with one value for each pixel of the original picture, bilinear between its own
   * values, as {@link Overlay} draws it.
   *
   * @param heatmap (H, W) at the network's input size, values 0 to 1
   * @param geometry where the input lies in the picture
   * @return (originalHeight, originalWidth), NaN where the network saw nothing of the picture
   * @throws IllegalArgumentException if the heatmap's size or a value does not fit
   */
  public static HostTensor atOriginal(HostTensor heatmap, Geometry geometry) {
    int width = geometry.originalWidth();
    int height = geometry.originalHeight();
    HeatSampler sampler = new HeatSampler(heatmap, geometry, width, height);
    HostTensor original = HostTensor.zeros(Shape.of(height, width));
    float[] values = original.data();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        values[y * width + x] = sampler.outside(x, y) ? Float.NaN : (float) sampler.value(x, y);
      }
    }
    return original;
  }
}
