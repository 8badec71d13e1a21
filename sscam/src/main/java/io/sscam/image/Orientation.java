package io.sscam.image;

import com.drew.lang.ByteArrayReader;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;

/** The EXIF orientation (tag 0x0112): how the stored picture must be turned to stand upright. */
final class Orientation {
  private static final int AS_STORED = 1;

  private Orientation() {}

  /**
   * The orientation in EXIF data.
   *
   * @param exif a TIFF structure, or nothing
   * @return 1 to 8; 1 also where the data is damaged, for the picture is none the worse for that
   */
  static int find(byte[] exif) {
    if (exif.length < 8) {
      return AS_STORED;
    }
    try {
      Metadata metadata = new Metadata();
      new ExifReader().extract(new ByteArrayReader(exif), metadata, 0);
      ExifIFD0Directory directory = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
      Integer value =
          directory == null ? null : directory.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
      return value != null && value >= 1 && value <= 8 ? value : AS_STORED;
    } catch (RuntimeException e) {
      return AS_STORED;
    }
  }

  /** Turns and mirrors the stored pixels; 5 to 8 swap width and height. */
  static Pixels apply(Pixels stored, int orientation) {
    if (orientation == AS_STORED) {
      return stored;
    }
    boolean swap = orientation >= 5;
    int width = swap ? stored.height() : stored.width();
    int height = swap ? stored.width() : stored.height();
    boolean fromRight =
        orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    boolean fromBottom =
        orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    byte[] in = stored.rgb();
    byte[] out = new byte[in.length];
    int at = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int storedX = swap ? y : x;
        int storedY = swap ? x : y;
        int column = fromRight ? stored.width() - 1 - storedX : storedX;
        int row = fromBottom ? stored.height() - 1 - storedY : storedY;
        int from = (row * stored.width() + column) * 3;
        out[at++] = in[from];
        out[at++] = in[from + 1];
        out[at++] = in[from + 2];
      }
    }
    return new Pixels(width, height, out, stored.colour());
  }
}
