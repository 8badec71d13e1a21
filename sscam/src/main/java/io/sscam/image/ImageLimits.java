package io.sscam.image;

import io.sscam.nets.RgbImage;

/**
 * What a picture may cost. Both are checked before anything of the picture's size is allocated.
 *
 * @param maxFileBytes the largest file that is read
 * @param maxPixels the largest width × height that is decoded
 */
public record ImageLimits(long maxFileBytes, long maxPixels) {
  /** 256 MB a file, 200 megapixels a picture. */
  public static final ImageLimits DEFAULT = new ImageLimits(256_000_000, 200_000_000);

  /**
   * Checks that one Java array can hold what is allowed.
   *
   * @throws IllegalArgumentException if a limit is below 1 or above an array's length
   */
  public ImageLimits {
    if (maxFileBytes < 1 || maxFileBytes > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException("files of 1 byte to 2 GB can be read: " + maxFileBytes);
    }
    if (maxPixels < 1 || maxPixels > RgbImage.MAX_PIXELS) {
      throw new IllegalArgumentException(
          "pictures of 1 to %d pixels can be read: %d".formatted(RgbImage.MAX_PIXELS, maxPixels));
    }
  }
}
