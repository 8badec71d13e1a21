package io.sscam.image;

import io.sscam.nets.RgbImage;
import java.awt.image.BufferedImage;

/** From Java's own pictures and back, for programs that have their pictures in memory. */
public final class BufferedImages {
  private BufferedImages() {}

  /**
   * The picture that {@link ImageReader} would read from a file of the same samples: alpha over
   * white, grey to R = G = B, 16-bit samples scaled to 8 bits as they are. The profiles of grey and
   * RGB samples are not applied, nor is any window or level: 12 bits in 16 must be brought to their
   * full range before.
   *
   * @throws IllegalArgumentException for samples that are signed, 32-bit or floating-point, and for
   *     more pixels than {@link RgbImage#MAX_PIXELS}
   */
  public static RgbImage toRgb(BufferedImage image) {
    RgbImage.requirePossible(image.getWidth(), image.getHeight());
    try {
      Pixels pixels = SampleConverter.toRgb(image);
      return RgbImage.wrap(pixels.width(), pixels.height(), pixels.rgb());
    } catch (Unreadable e) {
      throw new IllegalArgumentException(e.why, e);
    }
  }

  /** A picture of type {@link BufferedImage#TYPE_INT_RGB}. */
  public static BufferedImage of(RgbImage picture) {
    int width = picture.width();
    BufferedImage image = new BufferedImage(width, picture.height(), BufferedImage.TYPE_INT_RGB);
    int[] row = new int[width];
    for (int y = 0; y < picture.height(); y++) {
      for (int x = 0; x < width; x++) {
        row[x] = picture.rgb(x, y);
      }
      image.setRGB(0, y, width, 1, row, 0, width);
    }
    return image;
  }
}
