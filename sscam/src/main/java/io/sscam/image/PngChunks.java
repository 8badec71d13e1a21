package io.sscam.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Walks the chunks of a PNG file (PNG specification, section 5), because the platform's reader
 * checks neither their CRCs nor that the end is there.
 */
final class PngChunks {
  private static final int SIGNATURE = 8;

  private PngChunks() {}

  /**
   * Checks that the chunks are whole up to IEND.
   *
   * @return the EXIF data (a TIFF structure), empty if there is none
   * @throws Unreadable if the file ends early, or a chunk that the picture needs is damaged
   */
  static byte[] checkAndFindExif(byte[] file) throws Unreadable {
    ByteBuffer in = ByteBuffer.wrap(file);
    byte[] exif = new byte[0];
    int at = SIGNATURE;
    while (at <= file.length - 12) {
      int length = in.getInt(at);
      if (length < 0 || length > file.length - at - 12) {
        throw Unreadable.cutOff("PNG");
      }
      String type = new String(file, at + 4, 4, StandardCharsets.ISO_8859_1);
      boolean critical = (file[at + 4] & 0x20) == 0; // a capital first letter
      if (critical || type.equals("tRNS")) {
        CRC32 crc = new CRC32();
        crc.update(file, at + 4, length + 4);
        if ((int) crc.getValue() != in.getInt(at + 8 + length)) {
          throw Unreadable.cutOff("PNG");
        }
      }
      if (type.equals("eXIf")) {
        exif = ImageFormat.slice(file, at + 8, at + 8 + length);
      }
      if (type.equals("IEND")) {
        return exif;
      }
      at += length + 12;
    }
    throw Unreadable.cutOff("PNG");
  }
}
