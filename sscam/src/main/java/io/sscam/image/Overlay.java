package io.sscam.image;

import io.sscam.engine.HostTensor;
import io.sscam.nets.Geometry;
import io.sscam.nets.Resize;
import io.sscam.nets.RgbImage;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;

/**
 * The picture that a person looks at: the heatmap over the whole original at its own aspect and
 * size, class and probability above, a colour bar beside and the method below. Pictures under 448
 * pixels are enlarged by a whole number, and sides over 32767 pixels, which few programs open,
 * scaled down.
 */
public final class Overlay {
  private static final int LEGIBLE_SIDE = 448;
  private static final int LONGEST_SIDE = 32767;
  private static final int NEAREST_FROM = 6; // from this factor on, pixels are shown as squares
  private static final int MIN_COLUMNS = 34;

  private Overlay() {}

  /**
   * The text around a map.
   *
   * @param className of the explained class
   * @param classIndex of the explained class
   * @param probability of the class on the whole picture, 0 to 1
   * @param method the method and its options in a few words
   */
  public record Caption(String className, int classIndex, double probability, String method) {
    String number() {
      return "class " + classIndex;
    }

    String percent() {
      return String.format(Locale.ROOT, "%.1f %%", 100 * probability);
    }
  }

  /**
   * Draws a heatmap with its caption and colour bar.
   *
   * @param picture the original picture
   * @param heatmap (H, W) at the network's input size, values 0 to 1
   * @param geometry where the input lies in the picture
   * @throws IllegalArgumentException if the heatmap's size or a value does not fit
   */
  public static RgbImage render(
      RgbImage picture, HostTensor heatmap, Geometry geometry, ColourMap map, Caption caption) {
    RgbImage body = blend(picture, heatmap, geometry, map);
    return new Layout(body, map, caption).draw();
  }

  /**
   * The heatmap over the picture, enlarged if it is small, without caption. What the network never
   * saw is dim, behind a thin line.
   */
  public static RgbImage blend(
      RgbImage picture, HostTensor heatmap, Geometry geometry, ColourMap map) {
    RgbImage sized = legible(picture);
    return HeatBlend.blend(sized, heatmap, geometry, map, lineWidth(sized));
  }

  /** As {@link #blend}, at the picture's own size. */
  public static RgbImage plain(
      RgbImage picture, HostTensor heatmap, Geometry geometry, ColourMap map) {
    return HeatBlend.blend(picture, heatmap, geometry, map, lineWidth(picture));
  }

  /**
   * The heatmap alone, for viewers that lay it over the picture themselves.
   *
   * @param heatmap (H, W) at the network's input size, values 0 to 1
   * @param geometry where the input lies in the picture
   * @param opacity of the highest value, 0 to 1; it falls to nothing where the map is 0
   * @return of the original picture's size and type {@link BufferedImage#TYPE_INT_ARGB}, wholly
   *     transparent where the network saw nothing
   * @throws IllegalArgumentException if the opacity, the heatmap's size or a value does not fit
   */
  public static BufferedImage layer(
      HostTensor heatmap, Geometry geometry, ColourMap map, double opacity) {
    if (!(opacity >= 0 && opacity <= 1)) {
      throw new IllegalArgumentException("an opacity is from 0 to 1, not " + opacity);
    }
    int width = geometry.originalWidth();
    int height = geometry.originalHeight();
    HeatSampler heat = new HeatSampler(heatmap, geometry, width, height);
    BufferedImage layer = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double value = heat.value(x, y);
        int alpha = heat.outside(x, y) ? 0 : (int) Math.round(255 * opacity * value);
        row[x] = alpha == 0 ? 0 : alpha << 24 | map.rgb(value);
      }
      layer.setRGB(0, y, width, 1, row, 0, width);
    }
    return layer;
  }

  /** The picture itself, enlarged as {@link #blend} does, to stand beside its maps. */
  public static RgbImage legible(RgbImage picture) {
    int longSide = Math.max(picture.width(), picture.height());
    if (longSide > LONGEST_SIDE) {
      double factor = (double) LONGEST_SIDE / longSide;
      return Resize.resize(
          picture,
          Math.max(1, (int) (picture.width() * factor)),
          Math.max(1, (int) (picture.height() * factor)));
    }
    int factor = (LEGIBLE_SIDE + longSide - 1) / longSide;
    if (factor >= NEAREST_FROM) {
      return squares(picture, factor);
    }
    return factor == 1
        ? picture
        : Resize.resize(picture, picture.width() * factor, picture.height() * factor);
  }

  private static RgbImage squares(RgbImage picture, int factor) {
    Canvas canvas = new Canvas(picture.width() * factor, picture.height() * factor);
    for (int y = 0; y < picture.height(); y++) {
      for (int x = 0; x < picture.width(); x++) {
        canvas.fill(x * factor, y * factor, factor, factor, picture.rgb(x, y));
      }
    }
    return canvas.toImage();
  }

  private static int lineWidth(RgbImage picture) {
    return textScale(picture);
  }

  /** Text and lines grow with the picture, by whole numbers. */
  static int textScale(RgbImage picture) {
    double size = Math.sqrt((double) picture.width() * picture.height());
    return (int) Math.max(1, Math.round(size / 520));
  }

  /** Where everything stands on the canvas, in pixels. */
  private static final class Layout {
    private final RgbImage body;
    private final ColourMap map;
    private final Caption caption;
    private final int scale;
    private final int margin;
    private final int line;
    private final int barWidth;
    private final int bodyColumn;
    private final List<String> title;
    private final List<String> footer;

    Layout(RgbImage body, ColourMap map, Caption caption) {
      this.body = body;
      this.map = map;
      this.caption = caption;
      this.scale = textScale(body);
      this.margin = 12 * scale;
      this.line = BitmapFont.HEIGHT * scale;
      this.barWidth = 14 * scale;
      int legend = margin + barWidth + 5 * scale + BitmapFont.width("1.0", scale);
      this.bodyColumn = Math.max(body.width(), MIN_COLUMNS * BitmapFont.WIDTH * scale - legend);
      int columns = (bodyColumn + legend) / (BitmapFont.WIDTH * scale);
      this.title = BitmapFont.wrap(caption.className(), Math.max(8, columns - side().length() - 2));
      this.footer = BitmapFont.wrap(caption.method(), columns);
    }

    private String side() {
      return caption.number() + "  " + caption.percent();
    }

    RgbImage draw() {
      int legendLeft = margin + bodyColumn + margin;
      int labelLeft = legendLeft + barWidth + 5 * scale;
      int width = labelLeft + BitmapFont.width("1.0", scale) + margin;
      int bodyTop = margin + title.size() * line + margin * 3 / 4;
      int footerTop = bodyTop + body.height() + margin * 3 / 4;
      int height = footerTop + footer.size() * line + margin * 3 / 4;
      Canvas canvas = new Canvas(width, height);
      int bodyLeft = margin + (bodyColumn - body.width()) / 2;

      canvas.boldLines(title, margin, margin, scale, Canvas.INK);
      drawSide(canvas, width - margin);
      canvas.draw(body, bodyLeft, bodyTop);
      canvas.frame(bodyLeft, bodyTop, body.width(), body.height(), 1, Canvas.LINE);
      drawBar(canvas, legendLeft, labelLeft, bodyTop);
      for (int i = 0; i < footer.size(); i++) {
        canvas.text(footer.get(i), margin, footerTop + i * line, scale, Canvas.PALE_INK);
      }
      return canvas.toImage();
    }

    private void drawSide(Canvas canvas, int right) {
      String percent = caption.percent();
      int percentLeft = right - BitmapFont.width(percent, scale);
      canvas.boldText(percent, percentLeft, margin, scale, Canvas.INK);
      int numberLeft = percentLeft - BitmapFont.width(caption.number() + "  ", scale);
      canvas.text(caption.number(), numberLeft, margin, scale, Canvas.PALE_INK);
    }

    private void drawBar(Canvas canvas, int left, int labelLeft, int top) {
      int height = body.height();
      canvas.colourBar(map, left, top, barWidth, height);
      canvas.frame(left, top, barWidth, height, 1, Canvas.LINE);
      canvas.text("1.0", labelLeft, top - 3 * scale, scale, Canvas.INK);
      if (height >= 4 * line) {
        canvas.text("0.5", labelLeft, top + (height - line) / 2, scale, Canvas.INK);
      }
      if (height >= 2 * line) {
        canvas.text("0.0", labelLeft, top + height - line + 3 * scale, scale, Canvas.INK);
      }
    }
  }
}
