package io.sscam.weights;

import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The bytes of one pickle or several, read in order; every length is checked before it is used. */
final class PickleInput {
  /** The longest run of pickles read from one file, in bytes. A large net needs a hundredth. */
  static final int LONGEST = 32 << 20;

  private static final int LONGEST_STRING = 1 << 20;
  private static final int LONGEST_INTEGER = 16;

  private final String file;
  private final ByteBuffer bytes;

  /**
   * Reads from a part of a file.
   *
   * @param bytes little endian, at most {@link #LONGEST} bytes
   */
  PickleInput(String file, ByteBuffer bytes) {
    this.file = file;
    this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
  }

  String file() {
    return file;
  }

  /** How many bytes have been read. */
  int position() {
    return bytes.position();
  }

  int u8() {
    try {
      return bytes.get() & 0xFF;
    } catch (BufferUnderflowException e) {
      throw truncated(e);
    }
  }

  int u16() {
    return u8() | u8() << 8;
  }

  int i32() {
    try {
      return bytes.getInt();
    } catch (BufferUnderflowException e) {
      throw truncated(e);
    }
  }

  long i64() {
    try {
      return bytes.getLong();
    } catch (BufferUnderflowException e) {
      throw truncated(e);
    }
  }

  /** A double as pickles hold it: big endian. */
  double bigEndianDouble() {
    return Double.longBitsToDouble(Long.reverseBytes(i64()));
  }

  /** A length of four bytes, as one that can be negative only in a damaged file. */
  long u32() {
    return Integer.toUnsignedLong(i32());
  }

  /** A whole number of that many bytes, two's complement: a Long, or a BigInteger beyond. */
  Object integer(long length) {
    if (length > LONGEST_INTEGER) {
      throw bad("a whole number of " + length + " bytes (at most " + LONGEST_INTEGER + ")");
    }
    byte[] littleEndian = take(length);
    if (littleEndian.length == 0) {
      return 0L;
    }
    byte[] bigEndian = new byte[littleEndian.length];
    for (int i = 0; i < bigEndian.length; i++) {
      bigEndian[i] = littleEndian[bigEndian.length - 1 - i];
    }
    BigInteger value = new BigInteger(bigEndian);
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  /** A string of that many bytes. */
  String string(long length) {
    if (length < 0 || length > LONGEST_STRING) {
      throw bad(
          "a string of "
              + Long.toUnsignedString(length)
              + " bytes (at most "
              + LONGEST_STRING
              + ")");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(take(length))).toString();
    } catch (CharacterCodingException e) {
      throw bad("a string that is not UTF-8", e);
    }
  }

  /** A line up to its line feed: half of the name of a global. */
  String line() {
    StringBuilder line = new StringBuilder();
    for (int c = u8(); c != '\n'; c = u8()) {
      if (line.length() == 256) {
        throw bad("the name of a global with over 256 letters");
      }
      line.append((char) c);
    }
    return line.toString();
  }

  private byte[] take(long length) {
    if (length > bytes.remaining()) {
      throw truncated(new BufferUnderflowException());
    }
    byte[] taken = new byte[(int) length];
    bytes.get(taken);
    return taken;
  }

  /** A finding about the pickle. */
  WeightsException bad(String problem) {
    return new WeightsException(file, "the pickle holds " + problem, TorchCheckpoint.MEND);
  }

  private WeightsException bad(String problem, Exception cause) {
    return new WeightsException(file, "the pickle holds " + problem, TorchCheckpoint.MEND, cause);
  }

  private WeightsException truncated(BufferUnderflowException cause) {
    String problem =
        bytes.limit() >= LONGEST
            ? "the pickle is longer than " + LONGEST + " bytes"
            : "ends inside its pickle, it is truncated";
    return new WeightsException(file, problem, TorchCheckpoint.MEND, cause);
  }
}
