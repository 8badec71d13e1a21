package io.sscam.weights;

import io.sscam.engine.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What can be said about a weight file without knowing any net.
 *
 * @param file the file, as the user named it
 * @param format the layout of the file
 * @param bytes the length of the file
 * @param sha256 the digest of the whole file, 64 hexadecimal digits
 * @param tensors in the file's order, under their canonical names
 * @param values the elements of all tensors together
 * @param parameters those that are trained: without a batch norm's statistics and step counters
 * @param metadata remarks stored in the file
 */
public record Inspection(
    String file,
    WeightFile.Format format,
    long bytes,
    String sha256,
    List<TensorInfo> tensors,
    long values,
    long parameters,
    Map<String, String> metadata) {

  /** One tensor of the file. */
  public record TensorInfo(String name, DType dtype, Shape shape) {
    /** The name as it can be shown: without control characters, cut when long. */
    public String label() {
      return Text.clean(name);
    }
  }

  /**
   * Opens, checks and digests a file.
   *
   * @throws WeightsException if it cannot be read or is not a sound weight file
   */
  public static Inspection inspect(Path path) {
    try (WeightFile file = WeightFiles.open(path)) {
      List<TensorInfo> tensors = new ArrayList<>();
      long values = 0;
      long parameters = 0;
      for (String name : file.names()) {
        Shape shape = file.shape(name);
        tensors.add(new TensorInfo(name, file.dtype(name), shape));
        values += shape.elements();
        if (!KeyNames.isStatistic(name) && !KeyNames.isStepCounter(name)) {
          parameters += shape.elements();
        }
      }
      return new Inspection(
          path.toString(),
          file.format(),
          Files.size(path),
          Digests.sha256(path),
          List.copyOf(tensors),
          values,
          parameters,
          file.metadata());
    } catch (IOException e) {
      throw WeightsException.io(path.toString(), "cannot be read", e);
    }
  }
}
