package io.sscam.weights;

import io.sscam.engine.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * One tensor as a safetensors header describes it.
 *
 * @param begin the first byte, counted from the end of the header
 * @param end the byte behind the last
 */
record SafetensorsEntry(DType dtype, Shape shape, long begin, long end) {
  private static final String MEND = "fetch or convert the file again";

  /** Throws unless the bytes are as many as type and shape need. */
  void requireLength(String file, String name) {
    // Extents are ints and their product a long: only the product with the width can overflow.
    long high = Math.multiplyHigh(shape.elements(), (long) dtype.bytes());
    long needed = shape.elements() * dtype.bytes();
    if (end < begin || high != 0 || needed < 0 || end - begin != needed) {
      throw WeightsException.tensor(
          file,
          name,
          "has the offsets [" + begin + ", " + end + "], which do not fit " + shape + " " + dtype,
          MEND);
    }
  }

  /** Throws unless the tensors, laid end to end, are the {@code length} bytes behind the header. */
  static void requireCovered(String file, Map<String, SafetensorsEntry> entries, long length) {
    List<Map.Entry<String, SafetensorsEntry>> sorted = new ArrayList<>(entries.entrySet());
    sorted.sort(
        Comparator.comparingLong((Map.Entry<String, SafetensorsEntry> e) -> e.getValue().begin)
            .thenComparingLong(e -> e.getValue().end));
    long covered = 0;
    for (Map.Entry<String, SafetensorsEntry> entry : sorted) {
      long begin = entry.getValue().begin;
      if (begin < covered) {
        throw WeightsException.tensor(file, entry.getKey(), "overlaps another tensor", MEND);
      }
      if (begin > covered) {
        throw WeightsException.tensor(
            file, entry.getKey(), "begins after a hole of " + (begin - covered) + " bytes", MEND);
      }
      covered = entry.getValue().end;
      if (covered > length) {
        throw WeightsException.tensor(
            file, entry.getKey(), "ends behind the end of the file, which is truncated", MEND);
      }
    }
    if (covered < length) {
      throw new WeightsException(
          file, Text.count(length - covered, "byte") + " behind the last tensor", MEND);
    }
  }

  /** Where the tensor lies, counted from the start of the file. */
  StoredTensor stored(long dataStart) {
    return StoredTensor.dense(dtype, shape, dataStart + begin);
  }
}
