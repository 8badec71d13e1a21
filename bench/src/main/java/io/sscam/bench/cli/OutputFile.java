package io.sscam.bench.cli;

import io.sscam.engine.file.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file that the user may have named for figures. */
final class OutputFile {
  private OutputFile() {}

  /** A minute is lost if the results find no place afterwards. */
  static void requireFolder(@Nullable Path file) {
    if (file != null) {
      Path folder = file.toAbsolutePath().getParent();
      if (folder == null || !Files.isDirectory(folder)) {
        throw new IllegalArgumentException(file + ": its folder does not exist; create it");
      }
      if (Files.isDirectory(file)) {
        throw new IllegalArgumentException(file + ": is a folder; choose another name");
      }
    }
  }

  /**
   * Writes it, wholly or not at all.
   *
   * @throws OutputException if it cannot be written
   */
  static void write(@Nullable Path file, String text) {
    if (file != null) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      try {
        AtomicFile.write(file, stream -> stream.write(bytes));
      } catch (IOException e) {
        throw new OutputException(file, e, "choose another file");
      }
    }
  }
}
