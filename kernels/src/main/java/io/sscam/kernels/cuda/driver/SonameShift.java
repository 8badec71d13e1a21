package io.sscam.kernels.cuda.driver;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Lets a shared object need a library of another name: JCuda 12.6 is linked against CUDA 12, whose
 * functions CUDA 13 still has, under sonames of the same length. The needed name and the symbol
 * version that goes with it are overwritten in the bytes of an ELF64 file (System V ABI, chapter 4;
 * version needs: Linux Standard Base, "Symbol Versioning").
 */
final class SonameShift {
  private static final int MAGIC = 0x464c457f;
  private static final int CLASS_64 = 2;
  private static final int SECTIONS_AT = 40;
  private static final int SECTION_SIZE_AT = 58;
  private static final int SECTION_COUNT_AT = 60;
  private static final int STRING_TABLE = 3;
  private static final int VERSION_NEEDS = 0x6ffffffe;
  private static final long ALLOCATED = 2;

  private final ByteBuffer file;
  private final byte[] from;
  private final byte[] to;

  private SonameShift(byte[] file, String from, String to) {
    if (from.length() != to.length()) {
      throw new IllegalArgumentException(from + " and " + to + " differ in length");
    }
    this.file = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    this.from = from.getBytes(StandardCharsets.US_ASCII);
    this.to = to.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Changes the file's bytes in place.
   *
   * @return how many places were changed
   * @throws IllegalArgumentException if the names differ in length or the file is no ELF64
   */
  static int shift(byte[] file, String from, String to) {
    SonameShift shift = new SonameShift(file, from, to);
    if (file.length < 64 || shift.file.getInt(0) != MAGIC || file[4] != CLASS_64) {
      throw new IllegalArgumentException("not a 64-bit ELF file");
    }
    // Versions first: they are recognised by the names, which change next.
    return shift.versions() + shift.names();
  }

  private record Section(int type, long flags, int offset, int size, int link, int info) {}

  private Section section(int index) {
    int at = (int) file.getLong(SECTIONS_AT) + index * file.getShort(SECTION_SIZE_AT);
    return new Section(
        file.getInt(at + 4),
        file.getLong(at + 8),
        (int) file.getLong(at + 24),
        (int) file.getLong(at + 32),
        file.getInt(at + 40),
        file.getInt(at + 44));
  }

  /** The hashes of the needed versions' names. */
  private int versions() {
    int changed = 0;
    for (int i = 0; i < file.getShort(SECTION_COUNT_AT); i++) {
      Section section = section(i);
      if (section.type != VERSION_NEEDS) {
        continue;
      }
      int strings = section(section.link).offset;
      int need = section.offset;
      for (int n = 0; n < section.info; n++) {
        int version = need + file.getInt(need + 8);
        int count = file.getShort(need + 2) & 0xffff;
        for (int v = 0; v < count; v++) {
          if (isAt(strings + file.getInt(version + 8))) {
            file.putInt(version, hash(to));
            changed++;
          }
          version += file.getInt(version + 12);
        }
        need += file.getInt(need + 12);
      }
    }
    return changed;
  }

  /** The names in the loaded string tables. */
  private int names() {
    int changed = 0;
    for (int i = 0; i < file.getShort(SECTION_COUNT_AT); i++) {
      Section section = section(i);
      if (section.type != STRING_TABLE || (section.flags & ALLOCATED) == 0) {
        continue;
      }
      int end = section.offset + section.size - from.length;
      for (int at = section.offset + 1; at < end; at++) {
        if (file.get(at - 1) == 0 && isAt(at)) {
          file.put(at, to);
          changed++;
        }
      }
    }
    return changed;
  }

  /** Whether the old name stands there, with its end. */
  private boolean isAt(int at) {
    for (int i = 0; i < from.length; i++) {
      if (file.get(at + i) != from[i]) {
        return false;
      }
    }
    return file.get(at + from.length) == 0;
  }

  /** The ABI's hash of a symbol's name. */
  private static int hash(byte[] name) {
    int hash = 0;
    for (byte b : name) {
      hash = (hash << 4) + b;
      int high = hash & 0xf0000000;
      hash ^= high >>> 24;
      hash &= ~high;
    }
    return hash;
  }
}
