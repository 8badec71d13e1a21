package io.sscam.kernels.cuda.net;

import io.sscam.engine.file.AtomicFile;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was measured to be the fastest way to run each convolution, kept in a text file per GPU and
 * version of cuDNN. The file only saves time: one that cannot be read or written, or holds
 * something else, is as good as none. Shared by threads.
 */
public final class AlgorithmCache {
  private static final System.Logger LOG = System.getLogger(AlgorithmCache.class.getName());
  private static final String TITLE = "sscam-engine: fastest convolutions, version 1";
  private static final String SEPARATOR = " = ";
  private static final long MOST_BYTES = 8 << 20;

  private final Path file;
  private final Map<String, ConvWay> known = new HashMap<>();

  /** Choices of this process that the file may lack; null: the key is to be dropped. */
  private final Map<String, Optional<ConvWay>> changes = new HashMap<>();

  private AlgorithmCache(Path file) {
    this.file = file;
  }

  /**
   * Opens the choices of one GPU and cuDNN.
   *
   * @param folder the user's cache folder; it need not exist
   * @param gpu the hardware's name
   * @param cudnn the library's version
   */
  public static AlgorithmCache open(Path folder, String gpu, long cudnn) {
    String name = gpu.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    AlgorithmCache cache =
        new AlgorithmCache(folder.resolve("cudnn-" + cudnn + "-" + name + ".txt"));
    cache.known.putAll(cache.read());
    return cache;
  }

  /** Where the choices are kept. */
  public Path file() {
    return file;
  }

  synchronized Optional<ConvWay> find(String key) {
    return Optional.ofNullable(known.get(key));
  }

  synchronized void put(String key, ConvWay way) {
    known.put(key, way);
    changes.put(key, Optional.of(way));
  }

  synchronized void remove(String key) {
    known.remove(key);
    changes.put(key, Optional.empty());
  }

  /** Writes what has changed, beside what other processes have written meanwhile. */
  synchronized void save() {
    if (changes.isEmpty()) {
      return;
    }
    Map<String, ConvWay> all = read();
    changes.forEach(
        (key, way) -> way.ifPresentOrElse(chosen -> all.put(key, chosen), () -> all.remove(key)));
    try {
      replace(all);
      changes.clear();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, () -> "the choices of convolutions are not kept: " + e);
    }
  }

  private Map<String, ConvWay> read() {
    Map<String, ConvWay> read = new TreeMap<>();
    try {
      if (Files.size(file) > MOST_BYTES) {
        return read;
      }
      // Not UTF-8: what is no text at all must not throw.
      List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
      if (lines.isEmpty() || !lines.get(0).equals(TITLE)) {
        return read;
      }
      for (String line : lines.subList(1, lines.size())) {
        int at = line.indexOf(SEPARATOR);
        if (at > 0) {
          ConvWay.parse(line.substring(at + SEPARATOR.length()))
              .ifPresent(way -> read.put(line.substring(0, at), way));
        }
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, () -> "no choices of convolutions are kept yet: " + e);
    }
    return read;
  }

  private void replace(Map<String, ConvWay> all) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IOException("no folder to write " + file + " in");
    }
    Files.createDirectories(parent);
    List<String> lines = new ArrayList<>(List.of(TITLE));
    all.forEach((key, way) -> lines.add(key + SEPARATOR + way));
    byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.ISO_8859_1);
    AtomicFile.replace(file, out -> out.write(text));
  }
}
