package io.sscam.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * The platform's many kinds of decoded pictures to R G B bytes, alpha over white. Grey and RGB
 * samples are taken raw: {@code BufferedImage.getRGB} would push grey through a gamma curve and RGB
 * through the file's ICC profile.
 */
final class SampleConverter {
  private SampleConverter() {}

  static Pixels toRgb(BufferedImage image) throws Unreadable {
    ColorModel model = image.getColorModel();
    byte[] rgb = new byte[Math.multiplyExact(image.getWidth() * image.getHeight(), 3)];
    String colour;
    if (model instanceof IndexColorModel palette) {
      colour = palette(image.getRaster(), palette, rgb);
    } else if (model instanceof ComponentColorModel components && isRaw(components)) {
      colour = samples(image.getRaster(), components, rgb);
    } else {
      colour = any(image, rgb);
    }
    return new Pixels(image.getWidth(), image.getHeight(), rgb, colour);
  }

  private static boolean isRaw(ComponentColorModel model) throws Unreadable {
    int type = model.getTransferType();
    if (type != DataBuffer.TYPE_BYTE && type != DataBuffer.TYPE_USHORT) {
      throw new Unreadable(
          "samples that are signed, 32-bit or floating-point are not read", Unreadable.CONVERT);
    }
    int space = model.getColorSpace().getType();
    return space == ColorSpace.TYPE_GRAY || space == ColorSpace.TYPE_RGB;
  }

  private static String palette(Raster raster, IndexColorModel model, byte[] rgb) {
    int[] argb = new int[model.getMapSize()];
    model.getRGBs(argb);
    int[] row = new int[raster.getWidth()];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(0, y, row.length, 1, 0, row);
      for (int index : row) {
        // An index past the palette is damage that viewers draw black; so is it here.
        at = put(rgb, at, index < argb.length ? argb[index] : 0xFF000000);
      }
    }
    return "palette";
  }

  private static String samples(Raster raster, ComponentColorModel model, byte[] rgb) {
    boolean grey = model.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
    int bands = raster.getNumBands();
    int bits = model.getComponentSize(0);
    int colours = grey ? 1 : 3;
    boolean alpha = model.hasAlpha() && bands > colours;
    boolean premultiplied = model.isAlphaPremultiplied();
    int[] row = new int[raster.getWidth() * bands];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, raster.getWidth(), 1, row);
      for (int i = 0; i < row.length; i += bands) {
        int opacity = alpha ? scale(row[i + colours], bits, false) : 255;
        for (int c = 0; c < 3; c++) {
          int value = scale(row[i + (grey ? 0 : c)], bits, grey);
          rgb[at++] = (byte) overWhite(value, opacity, premultiplied);
        }
      }
    }
    return "%s%s %d-bit".formatted(grey ? "grey" : "RGB", alpha ? " with alpha" : "", bits);
  }

  /** Packed and exotic colour models: what the platform makes of them. */
  private static String any(BufferedImage image, byte[] rgb) {
    int[] row = new int[image.getWidth()];
    int at = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, row.length, 1, row, 0, row.length);
      for (int argb : row) {
        at = put(rgb, at, argb);
      }
    }
    return "converted to sRGB";
  }

  private static int put(byte[] rgb, int at, int argb) {
    int alpha = argb >>> 24;
    rgb[at] = (byte) overWhite(argb >> 16 & 255, alpha, false);
    rgb[at + 1] = (byte) overWhite(argb >> 8 & 255, alpha, false);
    rgb[at + 2] = (byte) overWhite(argb & 255, alpha, false);
    return at + 3;
  }

  /** To 8 bits: colour keeps its high byte, grey is scaled and rounded. */
  private static int scale(int value, int bits, boolean grey) {
    if (bits == 8) {
      return value;
    }
    if (bits == 16 && !grey) {
      return value >> 8;
    }
    int most = (1 << bits) - 1;
    return (Math.min(value, most) * 255 + most / 2) / most;
  }

  private static int overWhite(int value, int alpha, boolean premultiplied) {
    if (alpha == 255) {
      return value;
    }
    return premultiplied
        ? Math.min(255, value + 255 - alpha)
        : (value * alpha + 255 * (255 - alpha) + 127) / 255;
  }
}
