package io.sscam.image;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;

/**
 * Checks that all that the first directory of a TIFF file points at lies inside the file (TIFF 6.0,
 * section 2): the platform's reader decodes what is missing as black and says nothing.
 */
final class TiffDirectory {
  private static final int STRIP_OFFSETS = 273;
  private static final int STRIP_BYTE_COUNTS = 279;
  private static final int TILE_OFFSETS = 324;
  private static final int TILE_BYTE_COUNTS = 325;

  /** Bytes of a value by its type: byte, ascii, short, long, rational, … ifd. */
  private static final int[] SIZES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};

  private final ByteBuffer file;
  private final BitSet tags = new BitSet();
  private long[] offsets = new long[0];
  private long[] lengths = new long[0];

  private TiffDirectory(byte[] bytes) {
    file = ByteBuffer.wrap(bytes);
    file.order(bytes[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
  }

  /**
   * Walks the first directory.
   *
   * @throws Unreadable if it or something it points at is cut off
   */
  static void check(byte[] bytes) throws Unreadable {
    try {
      new TiffDirectory(bytes).check();
    } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
      throw Unreadable.cutOff("TIFF");
    }
  }

  private void check() throws Unreadable {
    int directory = inside(u32(4), 2);
    int entries = file.getShort(directory) & 0xFFFF;
    inside(directory, 2 + 12L * entries);
    for (int i = 0; i < entries; i++) {
      entry(directory + 2 + 12 * i);
    }
    if (offsets.length == 0 || offsets.length != lengths.length) {
      throw Unreadable.cutOff("TIFF");
    }
    for (int i = 0; i < offsets.length; i++) {
      inside(offsets[i], lengths[i]);
    }
  }

  private void entry(int at) throws Unreadable {
    int tag = file.getShort(at) & 0xFFFF;
    int type = file.getShort(at + 2) & 0xFFFF;
    long count = u32(at + 4);
    if (tags.get(tag)) { // many that share their values would take any time to read
      throw Unreadable.cutOff("TIFF");
    }
    tags.set(tag);
    long bytes = count * (type < SIZES.length ? SIZES[type] : 0);
    int values = bytes <= 4 ? at + 8 : inside(u32(at + 8), bytes);
    if (tag == STRIP_OFFSETS || tag == TILE_OFFSETS) {
      offsets = integers(values, type, count);
    } else if (tag == STRIP_BYTE_COUNTS || tag == TILE_BYTE_COUNTS) {
      lengths = integers(values, type, count);
    }
  }

  private long[] integers(int at, int type, long count) throws Unreadable {
    if (type != 3 && type != 4) {
      throw Unreadable.cutOff("TIFF");
    }
    long[] values = new long[(int) count]; // inside() has held the count to the file's length
    for (int i = 0; i < values.length; i++) {
      values[i] = type == 3 ? file.getShort(at + 2 * i) & 0xFFFF : u32(at + 4 * i);
    }
    return values;
  }

  private int inside(long offset, long length) throws Unreadable {
    if (offset + length > file.limit()) {
      throw Unreadable.cutOff("TIFF");
    }
    return (int) offset;
  }

  private long u32(int at) {
    return file.getInt(at) & 0xFFFFFFFFL;
  }
}
