package io.sscam.image;

import java.awt.image.Raster;

/** Four-component JPEG samples to R G B, plainly: each ink darkens white, without a profile. */
final class Cmyk {
  private Cmyk() {}

  /**
   * Converts.
   *
   * @param inverted 255 means no ink, as Adobe's programs store it
   * @param ycck the first three components are Y Cb Cr (of the complement of C M Y)
   */
  static Pixels toRgb(Raster raster, boolean inverted, boolean ycck) throws Unreadable {
    int width = raster.getWidth();
    int height = raster.getHeight();
    if (raster.getNumBands() != 4) {
      throw Unreadable.cutOff("JPEG");
    }
    byte[] rgb = new byte[Math.multiplyExact(width * height, 3)];
    int[] row = new int[width * 4];
    int at = 0;
    for (int y = 0; y < height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int i = 0; i < row.length; i += 4) {
        if (ycck) {
          yccToCmy(row, i);
        }
        int white = inverted ? row[i + 3] : 255 - row[i + 3];
        for (int c = 0; c < 3; c++) {
          int light = inverted ? row[i + c] : 255 - row[i + c];
          rgb[at++] = (byte) ((light * white + 127) / 255);
        }
      }
    }
    return new Pixels(width, height, rgb, ycck ? "YCCK 8-bit" : "CMYK 8-bit");
  }

  /** In libjpeg's fixed point (jdcolor.c): C = 255 - R and so on. */
  private static void yccToCmy(int[] row, int i) {
    int luma = row[i];
    int cb = row[i + 1] - 128;
    int cr = row[i + 2] - 128;
    row[i] = complement(luma + ((91881 * cr + 32768) >> 16));
    row[i + 1] = complement(luma + ((-22554 * cb - 46802 * cr + 32768) >> 16));
    row[i + 2] = complement(luma + ((116130 * cb + 32768) >> 16));
  }

  private static int complement(int value) {
    return 255 - Math.max(0, Math.min(255, value));
  }
}
