package io.sscam.image;

import io.sscam.engine.HostTensor;
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
  private final HeatSampler heat;
  private final ColourMap map;
  private final byte[] out;

  private HeatBlend(RgbImage picture, HeatSampler heat, ColourMap map) {
    this.width = picture.width();
    this.heat = heat;
    this.map = map;
    this.out = picture.toArray();
  }

  /**
   * Blends.
   *
   * @param picture the original, or a resized copy of it
   * @param heat the map at the network's input size, (H, W), values 0 to 1
   * @param lineWidth of the frame around what the network saw
   * @throws IllegalArgumentException if the heatmap's size or a value does not fit
   */
  static RgbImage blend(
      RgbImage picture, HostTensor heat, Geometry geometry, ColourMap map, int lineWidth) {
    HeatSampler sampler = new HeatSampler(heat, geometry, picture.width(), picture.height());
    return new HeatBlend(picture, sampler, map).run(picture.height(), lineWidth);
  }

  private RgbImage run(int height, int lineWidth) {
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int at = (y * width + x) * 3;
        if (heat.outside(x, y)) {
          dim(at, heat.gap(x, y) <= lineWidth);
        } else {
          heat(at, x, y);
        }
      }
    }
    return RgbImage.wrap(width, height, out);
  }

  private void dim(int at, boolean frame) {
    int grey = frame ? FRAME & 255 : (int) (grey(at) * 0.4 + 24);
    out[at] = (byte) grey;
    out[at + 1] = (byte) grey;
    out[at + 2] = (byte) grey;
  }

  private void heat(int at, int x, int y) {
    double value = heat.value(x, y);
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
}
