package io.sscam.weights;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/** What the formats have in common once it is known where each tensor lies. */
abstract class StoredTensors implements WeightFile {
  /** Elements decoded in one go: 64 Mi, so that a slice stays below 1 GiB for every type. */
  private static final int CHUNK = 1 << 26;

  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  private final String file;
  private final ByteSource bytes;
  private final Map<String, StoredTensor> tensors;

  StoredTensors(String file, ByteSource bytes, Map<String, StoredTensor> tensors) {
    this.file = file;
    this.bytes = bytes;
    this.tensors = Collections.unmodifiableMap(tensors);
  }

  @Override
  public final String file() {
    return file;
  }

  @Override
  public final Set<String> names() {
    return tensors.keySet();
  }

  @Override
  public final Shape shape(String name) {
    return stored(name).shape();
  }

  @Override
  public final DType dtype(String name) {
    return stored(name).dtype();
  }

  @Override
  public final HostTensor read(String name) {
    StoredTensor tensor = stored(name);
    if (!tensor.dtype().floating()) {
      throw WeightsException.tensor(
          file,
          name,
          "holds " + tensor.dtype() + ", which is not a floating type",
          "a model's weights must be F32, F16, BF16 or F64");
    }
    if (tensor.shape().elements() > LONGEST_ARRAY) {
      throw tooLong(name, tensor);
    }
    float[] data = new float[(int) tensor.shape().elements()];
    if (tensor.isDense()) {
      decodeDense(name, tensor, data);
    } else {
      Floats.decode(tensor.dtype(), readRaw(name), data, 0, data.length);
    }
    return new HostTensor(tensor.shape(), data);
  }

  private void decodeDense(String name, StoredTensor tensor, float[] data) {
    beforeRead(name);
    int width = tensor.dtype().bytes();
    try {
      for (int at = 0; at < data.length; at += CHUNK) {
        int count = Math.min(CHUNK, data.length - at);
        ByteBuffer part = bytes.slice(tensor.offset() + (long) at * width, (long) count * width);
        Floats.decode(tensor.dtype(), part, data, at, count);
      }
    } catch (InternalError shrunk) {
      throw shrunk(shrunk);
    }
  }

  @Override
  public final ByteBuffer readRaw(String name) {
    StoredTensor tensor = stored(name);
    if (Math.max(tensor.spannedBytes(), tensor.denseBytes()) > bytes.longestSlice()) {
      throw tooLong(name, tensor);
    }
    beforeRead(name);
    ByteBuffer span = bytes.slice(tensor.offset(), tensor.spannedBytes());
    if (tensor.isDense()) {
      return span;
    }
    try {
      return tensor
          .strides()
          .gather(tensor.shape(), tensor.dtype().bytes(), span)
          .asReadOnlyBuffer()
          .order(ByteOrder.LITTLE_ENDIAN);
    } catch (InternalError shrunk) {
      throw shrunk(shrunk);
    }
  }

  @Override
  public final long[] readLongs(String name) {
    requireType(name, DType.I64, DType.I32);
    ByteBuffer raw = readRaw(name);
    long[] values = new long[stored(name).shape().elementsAsInt()];
    if (dtype(name) == DType.I64) {
      raw.asLongBuffer().get(values);
    } else {
      var ints = raw.asIntBuffer();
      for (int i = 0; i < values.length; i++) {
        values[i] = ints.get(i);
      }
    }
    return values;
  }

  @Override
  public final double[] readDoubles(String name) {
    requireType(name, DType.F64);
    double[] values = new double[stored(name).shape().elementsAsInt()];
    readRaw(name).asDoubleBuffer().get(values);
    return values;
  }

  @Override
  public final byte[] readBytes(String name) {
    requireType(name, DType.U8, DType.I8, DType.BOOL);
    byte[] values = new byte[stored(name).shape().elementsAsInt()];
    readRaw(name).get(values);
    return values;
  }

  @Override
  public final void close() {
    bytes.close();
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "[" + file + ", " + tensors.size() + " tensors]";
  }

  /** Called before the elements of a tensor are handed out; a format may check them here. */
  void beforeRead(String name) {}

  final ByteSource bytes() {
    return bytes;
  }

  final StoredTensor stored(String name) {
    StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          Text.cleanPath(file) + " has no tensor " + Text.quote(name));
    }
    return tensor;
  }

  private void requireType(String name, DType... allowed) {
    if (!Set.of(allowed).contains(dtype(name))) {
      throw WeightsException.tensor(file, name, "holds " + dtype(name), "read it as what it is");
    }
  }

  private WeightsException tooLong(String name, StoredTensor tensor) {
    return WeightsException.tensor(
        file,
        name,
        "is too large to be read in one piece (" + tensor.shape() + " " + tensor.dtype() + ")",
        "no supported net has tensors of that size");
  }

  /** The JVM reports a page that is gone, because someone cut the mapped file, in this way. */
  private WeightsException shrunk(InternalError cause) {
    return new WeightsException(
        file, "the file became shorter while it was read", "leave it alone and try again", cause);
  }
}
