package io.sscam.weights;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * The directory of a zip file whose entries are stored, not compressed, as {@code torch.save}
 * writes them: each entry is then a run of bytes of the file itself. ZIP64 is understood. The
 * central directory and the entries' own headers must tell the same, and no two entries may share
 * bytes, so there is nothing that unpacks to more than the file.
 *
 * <p>Format: PKWARE APPNOTE.TXT 6.3.
 */
final class StoredZip {
  private static final int END = 0x06054b50;
  private static final int END64 = 0x06064b50;
  private static final int END64_LOCATOR = 0x07064b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int LOCAL = 0x04034b50;
  private static final int LONGEST_COMMENT = 0xFFFF;
  private static final int LONGEST_DIRECTORY = 32 << 20;
  private static final int MOST_ENTRIES = 100_000;

  private final String file;
  private final ByteSource bytes;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /**
   * One stored file.
   *
   * @param header where its own header begins
   * @param offset where its bytes begin
   * @param size how many there are
   */
  record Entry(String name, long header, long offset, long size, int crc) {}

  private StoredZip(String file, ByteSource bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  /**
   * Reads the directory.
   *
   * @throws WeightsException if the file is no sound zip of stored entries
   */
  static Map<String, Entry> entries(String file, ByteSource bytes) {
    StoredZip zip = new StoredZip(file, bytes);
    try {
      zip.readDirectory();
    } catch (IndexOutOfBoundsException e) {
      throw new WeightsException(
          file, "the zip directory points outside the file", TorchCheckpoint.MEND, e);
    }
    zip.requireApart();
    return zip.entries;
  }

  /** True if the bytes of the entry have the checksum that the directory gives. */
  static boolean crcFits(ByteSource bytes, Entry entry) {
    CRC32 crc = new CRC32();
    long step = 16 << 20;
    for (long at = 0; at < entry.size(); at += step) {
      crc.update(bytes.slice(entry.offset() + at, Math.min(step, entry.size() - at)));
    }
    return (int) crc.getValue() == entry.crc();
  }

  private void readDirectory() {
    long end = findEnd();
    ByteBuffer record = bytes.slice(end, 22);
    long count = u16(record, 10);
    long size = u32(record, 12);
    long offset = u32(record, 16);
    if (u16(record, 4) != 0 || u16(record, 6) != 0 || u16(record, 8) != count) {
      throw bad("the zip file is split over several disks");
    }
    if (end >= 20 && bytes.slice(end - 20, 20).getInt() == END64_LOCATOR) {
      long end64 = bytes.slice(end - 20, 20).getLong(8);
      ByteBuffer record64 = bytes.slice(end64, 56);
      if (record64.getInt() != END64) {
        throw bad("the zip64 directory is damaged");
      }
      count = record64.getLong(32);
      size = record64.getLong(40);
      offset = record64.getLong(48);
    }
    if (size < 0 || size > LONGEST_DIRECTORY || count < 0 || count > MOST_ENTRIES) {
      throw bad("the zip directory is too large");
    }
    ByteBuffer directory = bytes.slice(offset, size);
    for (long i = 0; i < count; i++) {
      readEntry(directory, offset);
    }
    if (directory.hasRemaining()) {
      throw bad("the zip directory is longer than its entries");
    }
  }

  private long findEnd() {
    long lowest = Math.max(0, bytes.size() - 22 - LONGEST_COMMENT);
    for (long at = bytes.size() - 22; at >= lowest; at--) {
      ByteBuffer record = bytes.slice(at, 22);
      if (record.getInt(0) == END && at + 22 + u16(record, 20) == bytes.size()) {
        return at;
      }
    }
    throw bad("the zip file has no directory, it is truncated");
  }

  private void readEntry(ByteBuffer directory, long directoryOffset) {
    if (directory.remaining() < 46 || directory.getInt(directory.position()) != CENTRAL) {
      throw bad("the zip directory is damaged");
    }
    ByteBuffer fixed = directory.slice(directory.position(), 46).order(directory.order());
    int nameLength = u16(fixed, 28);
    int extraLength = u16(fixed, 30);
    int length = 46 + nameLength + extraLength + u16(fixed, 32);
    if (directory.remaining() < length) {
      throw bad("the zip directory is damaged");
    }
    int start = directory.position();
    String name = name(directory.slice(start + 46, nameLength));
    Sizes sizes =
        new Sizes(u32(fixed, 20), u32(fixed, 24), u32(fixed, 42))
            .widened(
                directory.slice(start + 46 + nameLength, extraLength).order(directory.order()));
    directory.position(start + length);
    String where = "zip entry " + Text.quote(name);
    if ((u16(fixed, 8) & 1) != 0) {
      throw bad(where + " is encrypted");
    }
    if (u16(fixed, 10) != 0 || sizes.packed() != sizes.plain()) {
      throw bad(where + " is compressed, which torch.save never does");
    }
    Entry entry = locate(name, sizes, fixed.getInt(16));
    if (entry.offset() + entry.size() > directoryOffset) {
      throw bad(where + " runs into the zip directory");
    }
    if (entries.put(name, entry) != null) {
      throw bad(where + " is there twice");
    }
  }

  /** Finds the bytes of an entry behind its own header, which must not contradict the directory. */
  private Entry locate(String name, Sizes sizes, int crc) {
    ByteBuffer local = bytes.slice(sizes.header(), 30);
    int nameLength = u16(local, 26);
    long nameStart = sizes.header() + 30;
    boolean sizesFollow = (u16(local, 6) & 8) != 0;
    long plain = u32(local, 22);
    if (local.getInt(0) != LOCAL
        || u16(local, 8) != 0
        || !name(bytes.slice(nameStart, nameLength)).equals(name)
        || (!sizesFollow && plain != 0xFFFF_FFFFL && plain != sizes.plain())
        || (!sizesFollow && local.getInt(14) != crc)) {
      throw bad("zip entry " + Text.quote(name) + " contradicts the zip directory");
    }
    long offset = nameStart + nameLength + u16(local, 28);
    bytes.slice(offset, 0);
    if (sizes.plain() < 0 || sizes.plain() > bytes.size() - offset) {
      throw bad("zip entry " + Text.quote(name) + " ends behind the end of the file");
    }
    return new Entry(name, sizes.header(), offset, sizes.plain(), crc);
  }

  private void requireApart() {
    List<Entry> sorted = new ArrayList<>(entries.values());
    sorted.sort(Comparator.comparingLong(Entry::header));
    long end = 0;
    for (Entry entry : sorted) {
      if (entry.header() < end) {
        throw bad("zip entry " + Text.quote(entry.name()) + " overlaps another one");
      }
      end = entry.offset() + entry.size();
    }
  }

  /** The three numbers that ZIP64 moves into an extra field when they need more than 32 bits. */
  private record Sizes(long packed, long plain, long header) {
    private static final long SATURATED = 0xFFFF_FFFFL;

    Sizes widened(ByteBuffer extra) {
      if (packed != SATURATED && plain != SATURATED && header != SATURATED) {
        return this;
      }
      while (extra.remaining() >= 4) {
        int id = Short.toUnsignedInt(extra.getShort());
        int length = Short.toUnsignedInt(extra.getShort());
        if (id == 1 && length <= extra.remaining()) {
          extra.limit(extra.position() + length);
          // In this order, and only those that are saturated; too few bytes give the caller's error
          long widePlain = plain == SATURATED ? next(extra) : plain;
          long widePacked = packed == SATURATED ? next(extra) : packed;
          long wideHeader = header == SATURATED ? next(extra) : header;
          return new Sizes(widePacked, widePlain, wideHeader);
        }
        extra.position(Math.min(extra.limit(), extra.position() + length));
      }
      return this;
    }

    private static long next(ByteBuffer extra) {
      if (extra.remaining() < 8) {
        throw new IndexOutOfBoundsException("zip64 field");
      }
      return extra.getLong();
    }
  }

  private String name(ByteBuffer raw) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(raw).toString();
    } catch (CharacterCodingException e) {
      throw new WeightsException(
          file, "a zip entry has a name that is not UTF-8", TorchCheckpoint.MEND, e);
    }
  }

  private static int u16(ByteBuffer from, int at) {
    return Short.toUnsignedInt(from.getShort(at));
  }

  private static long u32(ByteBuffer from, int at) {
    return Integer.toUnsignedLong(from.getInt(at));
  }

  private WeightsException bad(String problem) {
    return new WeightsException(file, problem, TorchCheckpoint.MEND);
  }
}
