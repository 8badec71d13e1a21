package io.sscam.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A safetensors file: eight bytes of header length, a JSON header, then the tensors' bytes. The
 * header is read and checked completely when the file is opened; the elements stay on disk, mapped
 * into memory, until they are asked for.
 *
 * <p>Format: <a href="https://github.com/huggingface/safetensors#format">safetensors</a>.
 */
public final class SafetensorsFile extends StoredTensors {
  private final Map<String, String> metadata;

  private SafetensorsFile(
      String file,
      ByteSource bytes,
      Map<String, StoredTensor> tensors,
      Map<String, String> metadata) {
    super(file, bytes, tensors);
    this.metadata = metadata;
  }

  /**
   * Opens a file under the names that stand in it.
   *
   * @throws WeightsException if it cannot be read or is not a sound safetensors file
   */
  public static SafetensorsFile open(Path path) {
    String file = path.toString();
    InputFiles.requireRegular(path);
    try {
      return parse(file, ByteSource.map(path));
    } catch (IOException e) {
      throw WeightsException.io(file, "cannot be read", e);
    }
  }

  /**
   * Reads a file that is already in memory; the bytes are shared, not copied.
   *
   * @param nameForErrors what the messages call it
   * @throws WeightsException if it is not a sound safetensors file
   */
  public static SafetensorsFile of(ByteBuffer bytes, String nameForErrors) {
    return parse(nameForErrors, ByteSource.of(bytes));
  }

  /** As {@link #of(ByteBuffer, String)}. */
  public static SafetensorsFile of(byte[] bytes, String nameForErrors) {
    return of(ByteBuffer.wrap(bytes), nameForErrors);
  }

  private static SafetensorsFile parse(String file, ByteSource bytes) {
    SafetensorsHeader.Parsed header = SafetensorsHeader.parse(file, bytes);
    return new SafetensorsFile(file, bytes, header.tensors(), header.metadata());
  }

  /**
   * The same file with other names for its tensors.
   *
   * @param originals from the new name to the name in the file
   */
  SafetensorsFile renamed(Map<String, String> originals) {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    originals.forEach((name, original) -> tensors.put(name, stored(original)));
    return new SafetensorsFile(file(), bytes(), tensors, metadata);
  }

  @Override
  public Format format() {
    return Format.SAFETENSORS;
  }

  @Override
  public Map<String, String> metadata() {
    return metadata;
  }
}
