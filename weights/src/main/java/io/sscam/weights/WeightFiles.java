package io.sscam.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Opens and converts weight files, whatever their names say they are. */
public final class WeightFiles {
  private static final String MEND =
      "name a .safetensors file or a PyTorch checkpoint (.pth, .pt), or see: weights pull";

  private WeightFiles() {}

  /**
   * Opens a weight file. Its content decides the format, not its name; the tensors' names are
   * brought to torchvision's form by {@link KeyNames}.
   *
   * @throws WeightsException if it cannot be read or is not a sound weight file
   */
  public static WeightFile open(Path path) {
    InputFiles.requireRegular(path);
    byte[] head = head(path);
    String text = new String(head, StandardCharsets.ISO_8859_1);
    if (text.startsWith("PK") || isPickle(head)) {
      return TorchCheckpoint.open(path);
    }
    requireKnown(path.toString(), text);
    SafetensorsFile file = SafetensorsFile.open(path);
    Map<String, String> names = KeyNames.canonical(file.names());
    return names.keySet().equals(file.names()) ? file : file.renamed(names);
  }

  /**
   * Writes the tensors of any weight file as safetensors, each in its own type and bit for bit.
   * Step counters of batch norms are left out. The target is replaced as a whole or not at all.
   *
   * @return the names written, in order
   * @throws WeightsException if the source is not sound or the target cannot be written
   */
  public static Set<String> convert(Path source, Path target) {
    return convert(source, target, Map.of());
  }

  /**
   * As {@link #convert(Path, Path)}, with more remarks.
   *
   * @param remarks stored beside those of the source
   */
  static Set<String> convert(Path source, Path target, Map<String, String> remarks) {
    try (WeightFile file = open(source)) {
      List<String> names = new ArrayList<>();
      for (String name : file.names()) {
        if (!KeyNames.isStepCounter(name)) {
          names.add(name);
        }
      }
      Map<String, String> metadata = new LinkedHashMap<>(file.metadata());
      metadata.putIfAbsent("format", "pt");
      metadata.putAll(remarks);
      SafetensorsWriter.copy(target, file, names, metadata);
      return new LinkedHashSet<>(names);
    }
  }

  private static byte[] head(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(512);
    } catch (IOException e) {
      throw WeightsException.io(path.toString(), "cannot be read", e);
    }
  }

  private static boolean isPickle(byte[] head) {
    return head.length > 2
        && (head[0] & 0xFF) == 0x80
        && head[1] >= 2
        && head[1] <= 5
        // A safetensors header of 640 bytes would begin the same; its eighth byte settles it.
        && !(head.length > 8 && head[8] == '{' && head[7] == 0);
  }

  /** Names the things that people pass by mistake. */
  private static void requireKnown(String file, String head) {
    String start = head.stripLeading();
    if (start.startsWith("version https://git-lfs")) {
      throw new WeightsException(
          file, "is a Git LFS pointer, not the file itself", "run git lfs pull");
    }
    if (start.startsWith("<")) {
      throw new WeightsException(file, "is a web page or XML", "download the file itself");
    }
    if (head.startsWith("\u0089HDF")) {
      throw new WeightsException(file, "is an HDF5 file of Keras", MEND);
    }
    if (head.length() > 262 && head.startsWith("ustar", 257)) {
      throw new WeightsException(
          file, "is a tar file, the form of PyTorch before 0.1.10", TorchCheckpoint.MEND);
    }
    if (head.length() < 9 || head.charAt(8) != '{') {
      throw new WeightsException(
          file, "is neither a safetensors file nor a PyTorch checkpoint", MEND);
    }
  }
}
