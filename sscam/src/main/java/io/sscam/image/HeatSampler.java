package io.sscam.image;

import io.sscam.engine.HostTensor;
import io.sscam.nets.Box;
import io.sscam.nets.Geometry;

/**
 * A heatmap at the pixels of the picture that it explains, or of a resized copy: bilinear between
 * the centres of its cells.
 */
final class HeatSampler {
  private final float[] values;
  private final int cellsAcross;
  private final Axis across;
  private final Axis down;

  /**
   * Places a heatmap.
   *
   * @param heat the map at the network's input size, (H, W), values 0 to 1
   * @param width of the picture that is sampled
   * @param height of it
   * @throws IllegalArgumentException if the heatmap's size or a value does not fit
   */
  HeatSampler(HostTensor heat, Geometry geometry, int width, int height) {
    if (heat.shape().rank() != 2
        || heat.shape().dim(0) != geometry.inputHeight()
        || heat.shape().dim(1) != geometry.inputWidth()) {
      throw new IllegalArgumentException(
          "a heatmap of %s does not fit an input of %d×%d"
              .formatted(heat.shape(), geometry.inputHeight(), geometry.inputWidth()));
    }
    for (float value : heat.data()) {
      if (!(value >= 0 && value <= 1)) {
        throw new IllegalArgumentException("a heatmap has values from 0 to 1, not " + value);
      }
    }
    this.values = heat.data();
    this.cellsAcross = geometry.inputWidth();
    Box covered = geometry.covered();
    double perColumn = (double) width / geometry.originalWidth();
    double perRow = (double) height / geometry.originalHeight();
    this.across =
        new Axis(width, covered.x0() * perColumn, covered.x1() * perColumn, geometry.inputWidth());
    this.down =
        new Axis(height, covered.y0() * perRow, covered.y1() * perRow, geometry.inputHeight());
  }

  /** Whether the network saw nothing of a pixel, or less than half. */
  boolean outside(int x, int y) {
    return across.outside(x) || down.outside(y);
  }

  /** How far, in whole pixels, a pixel lies from what the network saw; 0 or less inside. */
  int gap(int x, int y) {
    return Math.max(across.gap(x), down.gap(y));
  }

  /** The heat at a pixel; outside that of the nearest cell. */
  double value(int x, int y) {
    double fx = across.fraction[x];
    int upper = down.low[y] * cellsAcross;
    int lower = down.high[y] * cellsAcross;
    double top = values[upper + across.low[x]] * (1 - fx) + values[upper + across.high[x]] * fx;
    double bottom = values[lower + across.low[x]] * (1 - fx) + values[lower + across.high[x]] * fx;
    return top + (bottom - top) * down.fraction[y];
  }

  /** For each pixel of one axis: the two map cells around it and the share of the second. */
  private static final class Axis {
    final int[] low;
    final int[] high;
    final float[] fraction;
    private final int first; // the pixels of which at least half is covered, or else the one
    private final int last; // that an input smaller than a pixel lies in

    Axis(int pixels, double from, double to, int cells) {
      low = new int[pixels];
      high = new int[pixels];
      fraction = new float[pixels];
      first = Math.min((int) Math.round(from), pixels - 1);
      last = Math.max(first, (int) Math.round(to) - 1);
      for (int i = 0; i < pixels; i++) {
        double cell = (i + 0.5 - from) * cells / (to - from) - 0.5;
        double clamped = Math.max(0, Math.min(cells - 1, cell));
        low[i] = (int) clamped;
        high[i] = Math.min(cells - 1, low[i] + 1);
        fraction[i] = (float) (clamped - low[i]);
      }
    }

    boolean outside(int pixel) {
      return pixel < first || pixel > last;
    }

    /** How many pixels this one lies outside; 0 or less inside. */
    int gap(int pixel) {
      return Math.max(first - pixel, pixel - last);
    }
  }
}
