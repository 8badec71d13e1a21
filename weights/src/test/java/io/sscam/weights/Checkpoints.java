package io.sscam.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Puts pickles and storages together to checkpoint files. */
final class Checkpoints {
  private Checkpoints() {}

  static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  /** A zip checkpoint with one storage "0". */
  static byte[] zip(byte[] pickle, byte[] storage) {
    return zip(Map.of("m/data.pkl", pickle, "m/data/0", storage, "m/version", new byte[] {'3'}));
  }

  static byte[] zip(Map<String, byte[]> entries) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : new LinkedHashMap<>(entries).entrySet()) {
        zip.putNextEntry(stored(entry.getKey(), entry.getValue()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static ZipEntry stored(String name, byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    return entry;
  }

  /** A legacy checkpoint; the storages are of floats. */
  static byte[] legacy(byte[] object, Map<String, float[]> storages) {
    Pickles all =
        new Pickles()
            .append(
                Pickles.pickle()
                    .op(0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19)
                    .stop())
            .append(Pickles.pickle().number(1001).stop())
            .append(Pickles.pickle().op('}').string("little_endian").op(0x88).op('s').stop())
            .append(object);
    Pickles keys = Pickles.pickle().op(']').op('(');
    storages.keySet().forEach(keys::string);
    all.append(keys.op('e').stop());
    storages.values().forEach(values -> all.append(int64(values.length)).append(floats(values)));
    return all.bytes();
  }

  static byte[] int64(long value) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
  }

  static TorchCheckpoint open(byte[] bytes) {
    return TorchCheckpoint.of(ByteBuffer.wrap(bytes), "test.pth");
  }
}
