package io.sscam.image;

import io.sscam.nets.RgbImage;
import java.util.List;

/** A sheet of R G B pixels to draw on; what lies outside is cut off. */
final class Canvas {
  static final int PAPER = 0xFFFFFF;
  static final int INK = 0x1A1A1E;
  static final int PALE_INK = 0x66666E;
  static final int LINE = 0xD4D4DA;

  private final int width;
  private final int height;
  private final byte[] samples;

  Canvas(int width, int height) {
    this.width = width;
    this.height = height;
    this.samples = RgbImage.filled(width, height, PAPER).toArray();
  }

  /** Ends the drawing: the canvas must not be used any more. */
  RgbImage toImage() {
    return RgbImage.wrap(width, height, samples);
  }

  void fill(int x, int y, int w, int h, int rgb) {
    for (int row = Math.max(0, y); row < Math.min(height, y + h); row++) {
      for (int column = Math.max(0, x); column < Math.min(width, x + w); column++) {
        set(column, row, rgb);
      }
    }
  }

  /** A frame just outside the rectangle. */
  void frame(int x, int y, int w, int h, int thickness, int rgb) {
    fill(x - thickness, y - thickness, w + 2 * thickness, thickness, rgb);
    fill(x - thickness, y + h, w + 2 * thickness, thickness, rgb);
    fill(x - thickness, y, thickness, h, rgb);
    fill(x + w, y, thickness, h, rgb);
  }

  /** Copies a picture that lies inside the canvas. */
  void draw(RgbImage image, int x, int y) {
    for (int row = 0; row < image.height(); row++) {
      image.copyRow(row, samples, ((y + row) * width + x) * 3);
    }
  }

  /** Writes a text, its top left corner at (x, y). */
  void text(String text, int x, int y, int scale, int rgb) {
    int pen = x;
    for (int codePoint : text.codePoints().toArray()) {
      int[] rows = BitmapFont.rows(codePoint);
      for (int row = 0; row < rows.length; row++) {
        for (int column = 0; column < BitmapFont.WIDTH; column++) {
          if ((rows[row] >> (BitmapFont.WIDTH - 1 - column) & 1) != 0) {
            fill(pen + column * scale, y + row * scale, scale, scale, rgb);
          }
        }
      }
      pen += BitmapFont.WIDTH * scale;
    }
  }

  /** Writes a text twice, a little apart, which makes it bold. */
  void boldText(String text, int x, int y, int scale, int rgb) {
    text(text, x, y, scale, rgb);
    text(text, x + (scale + 1) / 2, y, scale, rgb);
  }

  /** Writes lines below each other. */
  void boldLines(List<String> lines, int x, int y, int scale, int rgb) {
    for (int i = 0; i < lines.size(); i++) {
      boldText(lines.get(i), x, y + i * BitmapFont.HEIGHT * scale, scale, rgb);
    }
  }

  /** A colour map from 0 (bottom or left) to 1. */
  void colourBar(ColourMap map, int x, int y, int w, int h) {
    boolean upright = h > w;
    for (int i = 0; i < (upright ? h : w); i++) {
      double value = (i + 0.5) / (upright ? h : w);
      if (upright) {
        fill(x, y + h - 1 - i, w, 1, map.rgb(value));
      } else {
        fill(x + i, y, 1, h, map.rgb(value));
      }
    }
  }

  private void set(int x, int y, int rgb) {
    int at = (y * width + x) * 3;
    samples[at] = (byte) (rgb >> 16);
    samples[at + 1] = (byte) (rgb >> 8);
    samples[at + 2] = (byte) rgb;
  }
}
