package io.sscam.weights;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** A file that is replaced as a whole or not at all. */
final class AtomicFile {
  private AtomicFile() {}

  /** Fills the new file. */
  interface Content {
    void writeTo(WritableByteChannel channel) throws IOException;
  }

  /**
   * Writes beside the target and moves the finished file into its place. Whatever fails, the target
   * is as it was and nothing is left beside it.
   *
   * @throws WeightsException if the file cannot be written
   */
  static void write(Path target, Content content) {
    String file = target.toString();
    Path name = target.getFileName();
    if (name == null || Files.isDirectory(target)) {
      throw new WeightsException(file, "is a folder", "name the file to write");
    }
    // Not Files.createTempFile: that one gives the file to its owner alone, and so would we.
    Path partial = target.resolveSibling("." + name + "." + UUID.randomUUID() + ".tmp");
    try {
      // Ctrl-C ends the JVM without running any finally: this hook removes the file then.
      partial.toFile().deleteOnExit();
      try (var channel =
          Files.newByteChannel(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        content.writeTo(channel);
      }
      move(partial, target);
    } catch (IOException e) {
      throw WeightsException.io(file, "cannot be written", e);
    } finally {
      deleteQuietly(partial);
    }
  }

  /** Moves a file into the place of another in one step where the file system can. */
  static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * Removes a file that may be gone already; one that cannot go is not worth an error of its own.
   */
  static void deleteQuietly(Path path) {
    boolean gone = path.toFile().delete();
    if (!gone && Files.exists(path)) {
      path.toFile().deleteOnExit();
    }
  }
}
