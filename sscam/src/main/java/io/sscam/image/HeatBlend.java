package io.sscam.image;

import io.sscam.engine.HostTensor;
import io.sscam.nets.Box;
import io.sscam.nets.Geometry;
import io.sscam.nets.RgbImage;

/**
 * Lays a heatmap over the picture that it explains. Where the map is low the picture shows through,
 * a little greyed and darkened; where it is high the colour covers most of it. What the network
 * never saw is dim grey, behind a thin line.
 */
final class HeatBlend {
  /** How much of the picture's own colour is left under the heat; the rest is its grey. */
  private static final double COLOUR_LEFT = 0.55;

  private static final double LOWEST_ALPHA = 0.22;
  private static final double HIGHEST_ALPHA = 0.68;
  private static final int FRAME = 0xF2F2F2;

  private final int width;
  private final HostTensor heat;
  private final ColourMap map;
  private final Axis across;
  private final Axis down;
  private final byte[] out;

  private HeatBlend(RgbImage picture, HostTensor heat, Geometry geometry, ColourMap map) {
    this.width = picture.width();
    this.heat = heat;
    this.map = map;
    Box covered = geometry.covered();
    double perColumn = (double) picture.width() / geometry.originalWidth();
    double perRow = (double) picture.height() / geometry.originalHeight();
    this.across =
        new Axis(
            picture.width(),
            covered.x0() * perColumn,
            covered.x1() * perColumn,
            geometry.inputWidth());
    this.down =
        new Axis(
            picture.height(), covered.y0() * perRow, covered.y1() * perRow, geometry.inputHeight());
    this.out = picture.toArray();
  }

  /**
   * Blends.
   *
   * @param picture the original, or a resized copy of it
   * @param heat the map at the network's input size, (H, W), values 0 to 1
   * @param lineWidth of the frame around what the network saw
   */
  static RgbImage blend(
      RgbImage picture, HostTensor heat, Geometry geometry, ColourMap map, int lineWidth) {
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
    return new HeatBlend(picture, heat, geometry, map).run(picture.height(), lineWidth);
  }

  private RgbImage run(int height, int lineWidth) {
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int at = (y * width + x) * 3;
        if (across.outside(x) || down.outside(y)) {
          dim(at, onFrame(x, y, lineWidth));
        } else {
          heat(at, x, y);
        }
      }
    }
    return RgbImage.wrap(width, height, out);
  }

  private boolean onFrame(int x, int y, int line) {
    return across.gap(x) <= line && down.gap(y) <= line;
  }

  private void dim(int at, boolean frame) {
    int grey = frame ? FRAME & 255 : (int) (grey(at) * 0.4 + 24);
    out[at] = (byte) grey;
    out[at + 1] = (byte) grey;
    out[at + 2] = (byte) grey;
  }

  private void heat(int at, int x, int y) {
    float[] values = heat.data();
    int w = heat.shape().dim(1);
    double fx = across.fraction[x];
    double top =
        values[down.low[y] * w + across.low[x]] * (1 - fx)
            + values[down.low[y] * w + across.high[x]] * fx;
    double bottom =
        values[down.high[y] * w + across.low[x]] * (1 - fx)
            + values[down.high[y] * w + across.high[x]] * fx;
    double value = top + (bottom - top) * down.fraction[y];
    double alpha = LOWEST_ALPHA + (HIGHEST_ALPHA - LOWEST_ALPHA) * value;
    int rgb = map.rgb(value);
    double grey = grey(at);
    for (int c = 0; c < 3; c++) {
      double under = COLOUR_LEFT * (out[at + c] & 255) + (1 - COLOUR_LEFT) * grey;
      int over = rgb >> (16 - 8 * c) & 255;
      out[at + c] = (byte) (under + (over - under) * alpha + 0.5);
    }
  }

  /** Luma of ITU-R BT.601. */
  private double grey(int at) {
    return 0.299 * (out[at] & 255) + 0.587 * (out[at + 1] & 255) + 0.114 * (out[at + 2] & 255);
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
