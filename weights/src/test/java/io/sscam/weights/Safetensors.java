package io.sscam.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Puts headers and bytes together to safetensors files. */
final class Safetensors {
  private Safetensors() {}

  static byte[] file(String header, byte[] data) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return file(text.length, text, data);
  }

  /** A file whose header length need not be true. */
  static byte[] file(long length, byte[] header, byte[] data) {
    return ByteBuffer.allocate(8 + header.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(length)
        .put(header)
        .put(data)
        .array();
  }

  static byte[] file(String header, int dataBytes) {
    return file(header, new byte[dataBytes]);
  }

  static SafetensorsFile open(byte[] bytes) {
    return SafetensorsFile.of(bytes, "test.safetensors");
  }
}
