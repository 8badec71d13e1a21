package io.sscam.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.file.AtomicFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Writes safetensors files. The bytes go to a temporary file beside the target, which then takes
 * its place in one step: whoever looks at the target sees the old file or the whole new one.
 */
public final class SafetensorsWriter {
  private static final JsonFactory JSON = new JsonFactory();

  private SafetensorsWriter() {}

  /**
   * Writes tensors from memory.
   *
   * @param target the file to make or replace
   * @param tensors in the order the header shall have
   * @param metadata remarks, stored as they are
   * @param dtype F32, or F16, which rounds to nearest even
   * @throws WeightsException if the file cannot be written, or a finite value is too large for F16
   */
  public static void write(
      Path target, Map<String, HostTensor> tensors, Map<String, String> metadata, DType dtype) {
    if (dtype != DType.F32 && dtype != DType.F16) {
      throw new IllegalArgumentException("cannot write " + dtype + ", only F32 and F16");
    }
    Map<String, Payload> payloads = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) ->
            payloads.put(
                name,
                new Payload(
                    dtype, tensor.shape(), () -> encode(target.toString(), name, tensor, dtype))));
    writeAll(target, payloads, metadata);
  }

  /**
   * Copies tensors of an open weight file bit for bit, each in its own type.
   *
   * @param names which ones, in the order the header shall have
   * @throws WeightsException if the source cannot be read or the target not be written
   */
  static void copy(
      Path target, WeightFile source, Iterable<String> names, Map<String, String> metadata) {
    Map<String, Payload> payloads = new LinkedHashMap<>();
    for (String name : names) {
      payloads.put(
          name, new Payload(source.dtype(name), source.shape(name), () -> source.readRaw(name)));
    }
    writeAll(target, payloads, metadata);
  }

  /** One tensor to be written; its bytes are made only when their turn comes. */
  private record Payload(DType dtype, Shape shape, Supplier<ByteBuffer> bytes) {
    long length() {
      return Math.multiplyExact(shape.elements(), (long) dtype.bytes());
    }
  }

  private static void writeAll(
      Path target, Map<String, Payload> payloads, Map<String, String> metadata) {
    payloads.keySet().forEach(name -> requireName(target, name));
    // Wide types first, so that every tensor is aligned to its own width.
    List<Map.Entry<String, Payload>> layout = new ArrayList<>(payloads.entrySet());
    layout.sort(Comparator.comparingInt(e -> -e.getValue().dtype().bytes()));
    Map<String, Long> offsets = new HashMap<>();
    long at = 0;
    for (Map.Entry<String, Payload> entry : layout) {
      offsets.put(entry.getKey(), at);
      at += entry.getValue().length();
    }
    if (target.getFileName() == null || Files.isDirectory(target)) {
      throw new WeightsException(target.toString(), "is a folder", "name the file to write");
    }
    try {
      AtomicFile.replace(
          target,
          out -> {
            WritableByteChannel channel = Channels.newChannel(out);
            writeFully(channel, header(target, payloads, offsets, metadata));
            for (Map.Entry<String, Payload> entry : layout) {
              writeFully(channel, entry.getValue().bytes().get());
            }
          });
    } catch (IOException e) {
      throw WeightsException.io(target.toString(), "cannot be written", e);
    }
  }

  /** Jackson would replace what is not valid Unicode, and the tensor would have another name. */
  private static void requireName(Path target, String name) {
    if (name.equals("__metadata__") || !StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      throw WeightsException.tensor(
          target.toString(), name, "has a name the format cannot hold", "give it another name");
    }
  }

  private static ByteBuffer header(
      Path target,
      Map<String, Payload> payloads,
      Map<String, Long> offsets,
      Map<String, String> metadata)
      throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart("__metadata__");
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
          json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
      }
      for (Map.Entry<String, Payload> entry : payloads.entrySet()) {
        long begin = offsets.getOrDefault(entry.getKey(), 0L);
        writeEntry(json, entry.getKey(), entry.getValue(), begin);
      }
      json.writeEndObject();
    }
    // Spaces up to a multiple of 8 keep the tensors aligned.
    text.write(" ".repeat(-text.size() & 7).getBytes(StandardCharsets.US_ASCII));
    if (text.size() > SafetensorsHeader.LONGEST) {
      throw new WeightsException(
          target.toString(), "the header would be too long", "write fewer tensors or remarks");
    }
    return ByteBuffer.allocate(8 + text.size())
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.size())
        .put(text.toByteArray())
        .flip();
  }

  private static void writeEntry(JsonGenerator json, String name, Payload payload, long begin)
      throws IOException {
    json.writeObjectFieldStart(name);
    json.writeStringField("dtype", payload.dtype().name());
    json.writeArrayFieldStart("shape");
    for (int dim : payload.shape().toArray()) {
      json.writeNumber(dim);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("data_offsets");
    json.writeNumber(begin);
    json.writeNumber(begin + payload.length());
    json.writeEndArray();
    json.writeEndObject();
  }

  private static ByteBuffer encode(String file, String name, HostTensor tensor, DType dtype) {
    float[] data = tensor.data();
    if ((long) data.length * dtype.bytes() > ByteSource.STRIDE) {
      throw WeightsException.tensor(file, name, "is over 1 GiB", "write it in parts");
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(data.length * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    if (dtype == DType.F32) {
      bytes.asFloatBuffer().put(data);
      return bytes;
    }
    for (float value : data) {
      short half = Floats.toHalf(value);
      if ((half & 0x7FFF) == 0x7C00 && Float.isFinite(value)) {
        throw WeightsException.tensor(
            file, name, "holds " + value + ", too large for F16", "write it as F32");
      }
      bytes.putShort(half);
    }
    return bytes.flip();
  }

  private static void writeFully(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
