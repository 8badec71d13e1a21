package io.sscam.nets;

import java.util.zip.CRC32;

/** Pictures by formula, so that Pillow and Java can make the same. */
final class TestPictures {
  private TestPictures() {}

  /** Sample (x, y, c) = (31x + 17y + 101c + 7xy + x²/3) mod 256. */
  static RgbImage pattern(int width, int height) {
    byte[] samples = new byte[width * height * 3];
    int at = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < 3; c++) {
          samples[at++] = (byte) (x * 31 + y * 17 + c * 101 + x * y * 7 + x * x / 3);
        }
      }
    }
    return RgbImage.wrap(width, height, samples);
  }

  /** CRC-32 of the samples, as Python's {@code zlib.crc32(image.tobytes())}. */
  static String crc(RgbImage image) {
    CRC32 crc = new CRC32();
    crc.update(image.toArray());
    return "%08x".formatted(crc.getValue());
  }
}
