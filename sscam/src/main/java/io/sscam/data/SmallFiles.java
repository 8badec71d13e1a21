package io.sscam.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Lists and annotations, read whole under a limit, and paths that stay in their folder. */
final class SmallFiles {
  /** ILSVRC's longest list has 50,000 lines of some 100 bytes. */
  static final int LIST_LIMIT = 64 << 20;

  static final int MOST_LINES = 2_000_000;

  private SmallFiles() {}

  /**
   * The bytes of a file.
   *
   * @throws DataSetException if it is missing, unreadable or longer than {@code limit}
   */
  static byte[] read(Path file, int limit) throws DataSetException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(limit + 1);
      if (bytes.length > limit) {
        throw new DataSetException(
            file + ": is longer than " + limit + " bytes, far more than such a file holds");
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw new DataSetException(file + ": there is no such file", e);
    } catch (DataSetException e) {
      throw e;
    } catch (IOException e) {
      throw new DataSetException(file + ": cannot be read (" + e.getMessage() + ")", e);
    }
  }

  /**
   * The lines of a list.
   *
   * @throws DataSetException as {@link #text}, or if there are too many
   */
  static List<String> lines(Path file) throws DataSetException {
    List<String> lines = text(file, LIST_LIMIT).lines().limit(MOST_LINES + 1).toList();
    if (lines.size() > MOST_LINES) {
      throw new DataSetException(
          file + ": has more than " + MOST_LINES + " lines; divide it into several");
    }
    return lines;
  }

  /**
   * A text in UTF-8, a byte order mark left out.
   *
   * @throws DataSetException as {@link #read}, or if it is no such text
   */
  static String text(Path file, int limit) throws DataSetException {
    byte[] bytes = read(file, limit);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new DataSetException(file + ": is no text in UTF-8; save it as such", e);
    }
  }

  /**
   * A file named by a list; it need not be there.
   *
   * @param root what the user named: no link leads out of it
   * @param folder below it, or empty: no name leads out of this
   * @param name of the file, relative to the folder
   * @throws DataSetException if the name leads out, directly or by a link, or is that of no file
   */
  static Path inside(Path root, String folder, String name) throws DataSetException {
    Path top = root.resolve(folder);
    Path file;
    try {
      file = top.resolve(name).normalize();
    } catch (InvalidPathException e) {
      throw new DataSetException("\"" + OneLine.word(name) + "\" is no file name here", e);
    }
    if (name.isBlank() || Path.of(name).isAbsolute() || !below(top, file)) {
      throw new DataSetException(
          "\"" + OneLine.word(name) + "\" leads out of " + root.resolve(folder));
    }
    try {
      if (Files.exists(file) && !file.toRealPath().startsWith(root.toRealPath())) {
        throw new DataSetException(
            "\""
                + OneLine.word(name)
                + "\" is a link out of "
                + root
                + "; put a copy there instead");
      }
    } catch (DataSetException e) {
      throw e;
    } catch (IOException e) {
      throw new DataSetException(file + ": cannot be read (" + e.getMessage() + ")", e);
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) { // a pipe would be waited for
      throw new DataSetException(
          "\"" + OneLine.word(name) + "\" is no file, but a folder or the like");
    }
    return file;
  }

  /** By their names; absolute ones, as "." has none of its own. */
  private static boolean below(Path top, Path file) {
    return file.toAbsolutePath().normalize().startsWith(top.toAbsolutePath().normalize());
  }
}
