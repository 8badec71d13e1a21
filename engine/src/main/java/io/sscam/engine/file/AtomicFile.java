package io.sscam.engine.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes a file wholly or not at all: into a hidden file beside it, which then takes its name. A
 * failure, or a JVM that ends in the middle (Ctrl-C), leaves what stood there before. A link stays
 * one: what it leads to is replaced.
 */
public final class AtomicFile {
  private static final Set<Path> UNFINISHED = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(AtomicFile::removeUnfinished));
  }

  private AtomicFile() {}

  /** What fills the file. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file, in place of one of that name.
   *
   * @throws IOException if it cannot be written; the one-line message names file, cause and mend
   */
  public static void write(Path file, Content content) throws IOException {
    Path whole = file.toAbsolutePath();
    Path folder = whole.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IOException(file + ": its folder does not exist; create it");
    }
    if (Files.isDirectory(whole)) {
      throw new IOException(file + ": is a folder; choose another name");
    }
    try {
      replace(whole, content);
    } catch (NoFileException e) {
      throw new IOException(file + ": " + e.getMessage() + "; name a file", e);
    } catch (AccessDeniedException e) {
      throw new IOException(file + ": may not be written; check the folder's permissions", e);
    } catch (IOException e) {
      throw new IOException(
          "%s: cannot be written (%s); check the disk".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * As {@link #write}, for callers that have words of their own for a failure.
   *
   * @throws IOException as the file system gives it
   */
  public static void replace(Path name, Content content) throws IOException {
    Path file = target(name);
    // Not Files.createTempFile: that one gives the file to its owner alone, and so would we.
    Path part = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
    UNFINISHED.add(part);
    try {
      try (OutputStream out =
          new BufferedOutputStream(
              Files.newOutputStream(part, StandardOpenOption.CREATE_NEW), 1 << 16)) {
        content.writeTo(out);
      }
      move(part, file);
    } finally {
      Files.deleteIfExists(part);
      UNFINISHED.remove(part);
    }
  }

  /** What is to be replaced: the file that a link leads to. */
  private static Path target(Path name) throws IOException {
    boolean link = Files.isSymbolicLink(name);
    if (!Files.exists(name)) {
      if (link) {
        throw new NoFileException("is a link that leads nowhere");
      }
      return name;
    }
    Path whole = name.toAbsolutePath();
    boolean open = link && (whole.startsWith("/dev") || whole.startsWith("/proc")); // as stdout
    if (open || !Files.isRegularFile(name)) {
      throw new NoFileException("is a pipe, a device or the like, no file");
    }
    return name.toRealPath();
  }

  /** What has the name cannot be replaced. */
  private static final class NoFileException extends IOException {
    private static final long serialVersionUID = 1;

    NoFileException(String why) {
      super(why);
    }
  }

  /** Moves a file into the place of another, in one step where the file system can. */
  public static void move(Path part, Path whole) throws IOException {
    try {
      Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void removeUnfinished() {
    for (Path part : UNFINISHED) {
      try {
        Files.deleteIfExists(part);
      } catch (IOException e) {
        // The JVM is ending: nobody is left to tell, and the hidden file harms nothing.
      }
    }
  }
}
