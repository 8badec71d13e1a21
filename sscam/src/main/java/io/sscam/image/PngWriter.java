package io.sscam.image;

import io.sscam.engine.file.AtomicFile;
import io.sscam.nets.RgbImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Writes pictures as 8-bit RGB PNG files (PNG specification, second edition). Each row takes the
 * filter whose differences are smallest, so photos pack well; the file holds no time stamp.
 */
public final class PngWriter {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final int LEVEL = 4;

  /** Sub, Up and Paeth; the other two win too few rows of a picture to be worth their time. */
  private static final int[] FILTERS = {1, 2, 4};

  private static final int CHUNK = 1 << 16;

  private PngWriter() {}

  /**
   * Writes a picture.
   *
   * @throws IOException if the file cannot be written; nothing is left half-written
   */
  public static void write(Path file, RgbImage image) throws IOException {
    write(file, image, Map.of());
  }

  /**
   * Writes a picture with notes.
   *
   * @param notes keyword (1 to 79 Latin-1 characters) to text, stored as iTXt chunks
   * @throws IOException if the file cannot be written; nothing is left half-written
   */
  public static void write(Path file, RgbImage image, Map<String, String> notes)
      throws IOException {
    AtomicFile.write(file, out -> encode(out, image, notes));
  }

  private static void encode(OutputStream out, RgbImage image, Map<String, String> notes)
      throws IOException {
    out.write(SIGNATURE);
    ByteBuffer header = ByteBuffer.allocate(13).putInt(image.width()).putInt(image.height());
    header.put(
        new byte[] {8, 2, 0, 0, 0}); // 8 bits, RGB, deflate, adaptive filters, not interlaced
    chunk(out, "IHDR", header.array(), 13);
    for (Map.Entry<String, String> note : notes.entrySet()) {
      byte[] text = note(note.getKey(), note.getValue());
      chunk(out, "iTXt", text, text.length);
    }
    Deflater deflater = new Deflater(LEVEL);
    try (DataChunks chunks = new DataChunks(out);
        DeflaterOutputStream packed = new DeflaterOutputStream(chunks, deflater, CHUNK)) {
      rows(packed, image);
    } finally {
      deflater.end();
    }
    chunk(out, "IEND", new byte[0], 0);
  }

  private static void rows(OutputStream packed, RgbImage image) throws IOException {
    int length = image.width() * 3;
    byte[] above = new byte[length];
    byte[] row = new byte[length];
    byte[][] filtered = new byte[FILTERS.length][length];
    for (int y = 0; y < image.height(); y++) {
      image.copyRow(y, row, 0);
      int best = 0;
      long bestCost = Long.MAX_VALUE;
      for (int i = 0; i < FILTERS.length; i++) {
        long cost = filter(FILTERS[i], row, above, filtered[i]);
        if (cost < bestCost) {
          best = i;
          bestCost = cost;
        }
      }
      packed.write(FILTERS[best]);
      packed.write(filtered[best]);
      byte[] swap = above;
      above = row;
      row = swap;
    }
  }

  /** Filters a row (specification, section 9) and sums the sizes of the differences. */
  private static long filter(int filter, byte[] row, byte[] above, byte[] out) {
    long cost = 0;
    for (int i = 0; i < row.length; i++) {
      int left = i >= 3 ? row[i - 3] & 255 : 0;
      int up = above[i] & 255;
      int predicted =
          switch (filter) {
            case 1 -> left;
            case 2 -> up;
            default -> paeth(left, up, i >= 3 ? above[i - 3] & 255 : 0);
          };
      out[i] = (byte) (row[i] - predicted);
      cost += Math.abs(out[i]);
    }
    return cost;
  }

  private static int paeth(int left, int up, int corner) {
    int fromLeft = Math.abs(up - corner);
    int fromUp = Math.abs(left - corner);
    int fromCorner = Math.abs(left + up - 2 * corner);
    if (fromLeft <= fromUp && fromLeft <= fromCorner) {
      return left;
    }
    return fromUp <= fromCorner ? up : corner;
  }

  private static byte[] note(String keyword, String text) {
    byte[] key = keyword.getBytes(StandardCharsets.ISO_8859_1);
    if (key.length < 1 || key.length > 79 || keyword.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("no PNG keyword: " + keyword);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(key);
    bytes.writeBytes(
        new byte[5]); // end of keyword, not compressed (2), no language, no translation
    bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    return bytes.toByteArray();
  }

  private static void chunk(OutputStream out, String type, byte[] data, int length)
      throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data, 0, length);
    out.write(ByteBuffer.allocate(8).putInt(length).put(name).array());
    out.write(data, 0, length);
    out.write(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }

  /** Cuts the packed stream into IDAT chunks. */
  private static final class DataChunks extends OutputStream {
    private final OutputStream out;
    private final byte[] buffer = new byte[CHUNK];
    private int used;

    DataChunks(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int from = offset;
      while (from < offset + length) {
        int count = Math.min(offset + length - from, buffer.length - used);
        System.arraycopy(bytes, from, buffer, used, count);
        used += count;
        from += count;
        if (used == buffer.length) {
          emit();
        }
      }
    }

    @Override
    public void close() throws IOException {
      emit();
    }

    private void emit() throws IOException {
      if (used > 0) {
        chunk(out, "IDAT", buffer, used);
        used = 0;
      }
    }
  }
}
