package io.sscam.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The markers of a JPEG file (ITU-T T.81, annex B): its size before anything is decoded, its EXIF,
 * and a copy of the file for the platform's reader with all metadata left out. Without it that
 * reader neither applies nor trips over ICC profiles and broken JFIF thumbnails, and its colour
 * guess is pinned to libjpeg's: three components without any marker are YCbCr.
 *
 * @param width pixels across, as stored
 * @param height pixels down, as stored
 * @param components 1 (grey), 3 or 4
 * @param adobe the colour transform of Adobe's marker (0 none, 1 YCbCr, 2 YCCK), -1 without marker
 * @param exif the TIFF structure with the EXIF data, empty if there is none
 * @param clean the file without metadata
 */
@SuppressWarnings("ArrayRecordComponent") // handed on within this package, never shared
record JpegFile(int width, int height, int components, int adobe, byte[] exif, byte[] clean) {
  /** Encoders write about ten; each costs a pass over the whole picture. */
  private static final int MAX_SCANS = 200;

  private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] JFIF_HEADER = {
    (byte) 0xFF, (byte) 0xE0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
  };

  /** Reads the markers up to the first scan. */
  static JpegFile parse(byte[] file) throws Unreadable {
    Walk walk = new Walk(file);
    while (walk.next()) {
      walk.take();
    }
    JpegFile jpeg = walk.result();
    walk.checkScans();
    return jpeg;
  }

  /** The state while walking from marker to marker. */
  private static final class Walk {
    private final byte[] file;
    private final ByteArrayOutputStream kept;
    private int at = 2;
    private int marker;
    private int length;
    private int frame = -1;
    private int adobe = -1;
    private boolean jfif;
    private byte[] exif = new byte[0];

    Walk(byte[] file) {
      this.file = file;
      this.kept = new ByteArrayOutputStream(file.length);
    }

    /** Steps to the next marker segment; false at the first scan. */
    boolean next() throws Unreadable {
      while (at < file.length && file[at] != (byte) 0xFF) {
        at++; // garbage between segments, which libjpeg skips too
      }
      while (at < file.length && file[at] == (byte) 0xFF) {
        at++;
      }
      if (at + 2 >= file.length) {
        throw Unreadable.cutOff("JPEG");
      }
      marker = file[at] & 255;
      if (marker == 0xDA) {
        at--; // to the 0xFF before it
        return false;
      }
      if (marker == 0xD9) {
        throw Unreadable.cutOff("JPEG");
      }
      boolean alone = marker <= 1 || (marker >= 0xD0 && marker <= 0xD8);
      length = alone ? 0 : u16(at + 1);
      if (!alone && (length < 2 || at + 1 + length > file.length)) {
        throw Unreadable.cutOff("JPEG");
      }
      return true;
    }

    /** Notes what the segment says, keeps it if the decoder needs it, and steps over it. */
    void take() throws Unreadable {
      int body = at + 3;
      boolean table = marker == 0xC4 || marker == 0xC8 || marker == 0xCC;
      if (marker >= 0xC0 && marker <= 0xCF && !table) {
        frame(body);
      } else if (marker == 0xE0) {
        jfif |= startsWith(body, JFIF_HEADER, 4, 5);
      } else if (marker == 0xE1 && exif.length == 0 && startsWith(body, EXIF, 0, EXIF.length)) {
        exif = ImageFormat.slice(file, body + EXIF.length, at + 1 + length);
      } else if (marker == 0xEE && length >= 14 && file[body] == 'A' && file[body + 1] == 'd') {
        adobe = file[body + 11] & 255;
      }
      boolean metadata = (marker >= 0xE0 && marker <= 0xEF && marker != 0xEE) || marker == 0xFE;
      if (!metadata && length > 0) {
        kept.write(0xFF);
        kept.write(file, at, length + 1);
      }
      at += length + 1;
    }

    private void frame(int body) throws Unreadable {
      if (frame >= 0 || length < 8) {
        throw Unreadable.cutOff("JPEG");
      }
      if (marker > 0xC2) {
        throw new Unreadable(
            "its kind of JPEG (lossless, hierarchical or arithmetic coding) is not read",
            Unreadable.CONVERT);
      }
      if (file[body] != 8) {
        throw new Unreadable(
            "JPEGs of %d bits a sample are not read".formatted(file[body] & 255),
            Unreadable.CONVERT);
      }
      int components = file[body + 5] & 255;
      if (components != 1 && components != 3 && components != 4) {
        throw new Unreadable(
            "JPEGs of %d components are not read".formatted(components), Unreadable.CONVERT);
      }
      if (length < 8 + 3 * components) {
        throw Unreadable.cutOff("JPEG");
      }
      frame = body;
    }

    JpegFile result() throws Unreadable {
      if (frame < 0) {
        throw Unreadable.cutOff("JPEG");
      }
      int components = file[frame + 5] & 255;
      boolean namedRgb =
          components == 3
              && file[frame + 6] == 'R'
              && file[frame + 9] == 'G'
              && file[frame + 12] == 'B';
      boolean pin = components == 3 && adobe < 0 && !namedRgb;
      ByteArrayOutputStream clean = new ByteArrayOutputStream(file.length + 20);
      clean.write(0xFF);
      clean.write(0xD8);
      if (jfif || pin) {
        clean.writeBytes(JFIF_HEADER);
      }
      clean.writeBytes(kept.toByteArray());
      clean.write(file, at, file.length - at);
      return new JpegFile(
          u16(frame + 3), u16(frame + 1), components, adobe, exif, clean.toByteArray());
    }

    /** Walks the scans to the end marker; without one the file is cut off. */
    void checkScans() throws Unreadable {
      int scans = 0;
      for (; at + 1 < file.length; at++) {
        int next = file[at] == (byte) 0xFF ? file[at + 1] & 255 : 0;
        if (next == 0xD9) {
          return;
        }
        boolean segment = next >= 0xC0 && next != 0xFF && (next < 0xD0 || next > 0xD8);
        if (segment && at + 3 < file.length) {
          scans += next == 0xDA ? 1 : 0;
          at += u16(at + 2) + 1;
        }
        if (scans > MAX_SCANS) {
          throw new Unreadable("has over %d scans".formatted(MAX_SCANS), Unreadable.CONVERT);
        }
      }
      throw Unreadable.cutOff("JPEG");
    }

    private boolean startsWith(int body, byte[] magic, int from, int count) {
      if (length - 2 < count) {
        return false;
      }
      for (int i = 0; i < count; i++) {
        if (file[body + i] != magic[from + i]) {
          return false;
        }
      }
      return true;
    }

    private int u16(int offset) {
      return (file[offset] & 255) << 8 | (file[offset + 1] & 255);
    }
  }
}
