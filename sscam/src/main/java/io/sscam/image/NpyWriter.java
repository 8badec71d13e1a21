package io.sscam.image;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.file.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Writes tensors as NumPy files, format 1.0 (numpy.lib.format): float32, little endian, C order.
 */
public final class NpyWriter {
  private static final int PREFIX = 10;
  private static final int ALIGNMENT = 64;

  private NpyWriter() {}

  /**
   * Writes a tensor of any rank.
   *
   * @throws IOException if the file cannot be written; nothing is left half-written
   */
  public static void write(Path file, HostTensor tensor) throws IOException {
    byte[] header = header(tensor.shape());
    AtomicFile.write(
        file,
        out -> {
          out.write(header);
          ByteBuffer bytes = ByteBuffer.allocate(1 << 14).order(ByteOrder.LITTLE_ENDIAN);
          for (float value : tensor.data()) {
            if (!bytes.hasRemaining()) {
              out.write(bytes.array(), 0, bytes.position());
              bytes.clear();
            }
            bytes.putFloat(value);
          }
          out.write(bytes.array(), 0, bytes.position());
        });
  }

  private static byte[] header(Shape shape) {
    String extents =
        Arrays.stream(shape.toArray()).mapToObj(d -> d + ",").collect(Collectors.joining(" "));
    String tuple =
        shape.rank() > 1 ? extents.substring(0, extents.length() - 1) : extents; // (3,) but (3, 4)
    String text = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + tuple + "), }";
    int padding = ALIGNMENT - 1 - (PREFIX + text.length()) % ALIGNMENT;
    byte[] body = (text + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(PREFIX + body.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
        .putShort((short) body.length)
        .put(body)
        .array();
  }
}
