package io.sscam.weights;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Assembles pickles opcode by opcode. */
final class Pickles {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  static Pickles pickle() {
    return new Pickles().op(0x80, 2);
  }

  Pickles op(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  Pickles op(char opcode) {
    return op((int) opcode);
  }

  Pickles global(String module, String name) {
    return op('c').text(module + "\n" + name + "\n");
  }

  Pickles text(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  Pickles string(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return op('X').int32(utf8.length).text(text);
  }

  Pickles int32(int value) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    return this;
  }

  /** A whole number as LONG1. */
  Pickles number(long value) {
    out.write(0x8a);
    out.write(8);
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    return this;
  }

  Pickles tuple(long... values) {
    op('(');
    for (long value : values) {
      number(value);
    }
    return op('t');
  }

  /** The reference to a storage, as a legacy file has it or as a zip file does. */
  Pickles storage(String type, String key, long elements, boolean legacy) {
    op('(').string("storage").global("torch", type).string(key).string("cpu").number(elements);
    return (legacy ? op('N') : this).op('t').op('Q');
  }

  /** A tensor over a storage of a zip file. */
  Pickles tensor(String type, String key, long elements, long offset, long[] size, long[] stride) {
    return tensor(type, key, elements, offset, size, stride, false);
  }

  Pickles tensor(
      String type,
      String key,
      long elements,
      long offset,
      long[] size,
      long[] stride,
      boolean legacy) {
    return global("torch._utils", "_rebuild_tensor_v2")
        .op('(')
        .storage(type, key, elements, legacy)
        .number(offset)
        .tuple(size)
        .tuple(stride)
        .op(0x89)
        .emptyOrderedDict()
        .op('t')
        .op('R');
  }

  Pickles emptyOrderedDict() {
    return global("collections", "OrderedDict").op(')').op('R');
  }

  /** An OrderedDict with one tensor of four floats, ready to be continued or stopped. */
  static Pickles oneTensor(String name, long offset, long[] size, long[] stride) {
    return pickle()
        .emptyOrderedDict()
        .string(name)
        .tensor("FloatStorage", "0", 4, offset, size, stride)
        .op('s');
  }

  Pickles append(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  byte[] stop() {
    return op('.').bytes();
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
