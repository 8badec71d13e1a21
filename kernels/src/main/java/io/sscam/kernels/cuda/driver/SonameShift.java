package io.sscam.kernels.cuda.driver;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets a shared object need a library of another name: JCuda 12.6 is linked against CUDA 12, whose
 * functions CUDA 13 still has, under sonames of the same length. The needed name and the symbol
 * version that goes with it are overwritten in the bytes of an ELF64 file (System V ABI, chapter 4;
 * version needs: Linux Standard Base, "Symbol Versioning"). A file that is damaged is left as it
 * is.
 */
final class SonameShift {
  private static final int MAGIC = 0x464c457f;
  private static final int CLASS_64 = 2;
  private static final int SECTIONS_AT = 40;
  private static final int SECTION_SIZE_AT = 58;
  private static final int SECTION_COUNT_AT = 60;
  private static final int STRING_TABLE = 3;
  private static final int NO_BITS = 8;
  private static final int VERSION_NEEDS = 0x6ffffffe;
  private static final long ALLOCATED = 2;

  private final ByteBuffer file;
  private final byte[] from;
  private final byte[] to;

  /** Where the hash of the new name goes, and where the name itself. */
  private final List<Integer> hashes = new ArrayList<>();

  private final List<Integer> names = new ArrayList<>();

  private SonameShift(byte[] file, String from, String to) {
    this.file = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    this.from = from.getBytes(StandardCharsets.US_ASCII);
    this.to = to.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Changes the file's bytes in place.
   *
   * @return how many places were changed
   * @throws IllegalArgumentException if the names differ in length, or the file is no ELF64 or
   *     points beyond itself; nothing is changed then
   */
  static int shift(byte[] file, String from, String to) {
    if (from.isEmpty() || from.length() != to.length()) {
      throw new IllegalArgumentException(
          "\"" + from + "\" and \"" + to + "\" differ in length or are empty");
    }
    SonameShift shift = new SonameShift(file, from, to);
    if (file.length < 64 || shift.file.getInt(0) != MAGIC || file[4] != CLASS_64) {
      throw new IllegalArgumentException("not a 64-bit ELF file");
    }
    try {
      shift.findVersions();
      shift.findNames();
    } catch (IndexOutOfBoundsException | ArithmeticException e) {
      throw new IllegalArgumentException("a damaged ELF file: it points beyond its end", e);
    }
    return shift.change();
  }

  /** Only once all places are known to be in the file. */
  private int change() {
    hashes.forEach(at -> file.putInt(at, hash(to)));
    names.forEach(at -> file.put(at, to));
    return hashes.size() + names.size();
  }

  private record Section(int type, long flags, int offset, int size, int link, int info) {}

  private int sections() {
    return file.getShort(SECTION_COUNT_AT) & 0xffff;
  }

  private Section section(int index) {
    if (index < 0 || index >= sections()) {
      throw new IndexOutOfBoundsException(index);
    }
    int size = file.getShort(SECTION_SIZE_AT) & 0xffff;
    int at = Math.toIntExact(Math.addExact(file.getLong(SECTIONS_AT), (long) index * size));
    int type = file.getInt(at + 4);
    // A section without bits has none in the file, whatever its place and size.
    boolean bits = type != NO_BITS;
    return new Section(
        type,
        file.getLong(at + 8),
        bits ? Math.toIntExact(file.getLong(at + 24)) : 0,
        bits ? Math.toIntExact(file.getLong(at + 32)) : 0,
        file.getInt(at + 40),
        file.getInt(at + 44));
  }

  /** The hashes of the needed versions' names. */
  private void findVersions() {
    for (int i = 0; i < sections(); i++) {
      Section section = section(i);
      if (section.type == VERSION_NEEDS) {
        int strings = section(section.link).offset;
        int need = section.offset;
        for (int n = 0; n < section.info; n++) {
          findVersions(need, strings);
          int step = file.getInt(need + 12);
          if (step == 0) {
            break;
          }
          need = forward(need, step);
        }
      }
    }
  }

  /** Those that are needed of one file. */
  private void findVersions(int need, int strings) {
    int count = file.getShort(need + 2) & 0xffff;
    int version = forward(need, file.getInt(need + 8));
    for (int v = 0; v < count; v++) {
      if (isAt(Math.addExact(strings, file.getInt(version + 8)))) {
        hashes.add(version);
      }
      int step = file.getInt(version + 12);
      if (step == 0) {
        break;
      }
      version = forward(version, step);
    }
  }

  /** Lists only run forward, so that following one comes to an end. */
  private static int forward(int at, int step) {
    if (step <= 0) {
      throw new IndexOutOfBoundsException(step);
    }
    return Math.addExact(at, step);
  }

  /** The names in the loaded string tables. */
  private void findNames() {
    for (int i = 0; i < sections(); i++) {
      Section section = section(i);
      if (section.type != STRING_TABLE || (section.flags & ALLOCATED) == 0) {
        continue;
      }
      int end = Math.addExact(section.offset, section.size) - from.length;
      for (int at = Math.addExact(section.offset, 1); at < end; at++) {
        if (file.get(at - 1) == 0 && isAt(at)) {
          names.add(at);
        }
      }
    }
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
