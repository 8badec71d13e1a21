package io.sscam.nets;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The tensors of a golden file: just enough of the safetensors format for files of our own. */
final class GoldenFile {
  private static final Pattern ENTRY =
      Pattern.compile(
          "\"([^\"]+)\":\\{\"dtype\":\"(F32|F64)\",\"shape\":\\[([0-9,]*)\\],"
              + "\"data_offsets\":\\[([0-9]+),([0-9]+)\\]\\}");
  private static final Pattern DIGEST = Pattern.compile("\"weights_sha256\":\"([0-9a-f]{64})\"");

  private final Map<String, HostTensor> tensors = new TreeMap<>();
  private final String weightsDigest;

  private GoldenFile(ByteBuffer file) {
    int headerLength = (int) file.getLong(0);
    byte[] header = new byte[headerLength];
    file.get(8, header);
    String json = new String(header, UTF_8).replace(" ", "");
    Matcher digest = DIGEST.matcher(json);
    this.weightsDigest = digest.find() ? digest.group(1) : "none";
    Matcher entry = ENTRY.matcher(json);
    while (entry.find()) {
      int start = 8 + headerLength + Integer.parseInt(entry.group(4));
      int end = 8 + headerLength + Integer.parseInt(entry.group(5));
      boolean wide = entry.group(2).equals("F64");
      float[] data = new float[(end - start) / (wide ? 8 : 4)];
      for (int e = 0; e < data.length; e++) {
        data[e] = wide ? (float) file.getDouble(start + 8 * e) : file.getFloat(start + 4 * e);
      }
      tensors.put(entry.group(1), new HostTensor(shape(entry.group(3)), data));
    }
  }

  private static Shape shape(String extents) {
    return Shape.of(Stream.of(extents.split(",", -1)).mapToInt(Integer::parseInt).toArray());
  }

  /** The file of a net, from the test resources. */
  static GoldenFile of(String net) {
    String name = "/golden/" + net + ".safetensors";
    try (InputStream in = Objects.requireNonNull(GoldenFile.class.getResourceAsStream(name))) {
      return new GoldenFile(ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The sha256 of the weights that gave these results. */
  String weightsDigest() {
    return weightsDigest;
  }

  /** Names that start with {@code prefix}, and their tensors. */
  Map<String, HostTensor> startingWith(String prefix) {
    Map<String, HostTensor> found = new TreeMap<>(tensors);
    found.keySet().removeIf(name -> !name.startsWith(prefix));
    return found;
  }

  float[] read(String name) {
    return Objects.requireNonNull(tensors.get(name), name).data();
  }
}
