package io.sscam.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Lists and annotations, read whole under a limit, and paths that stay in their folder. */
final class SmallFiles {
  /** ILSVRC's longest list has 50,000 lines of some 100 bytes. */
  static final int LIST_LIMIT = 64 << 20;

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
   * @throws DataSetException as {@link #text}
   */
  static List<String> lines(Path file) throws DataSetException {
    return text(file, LIST_LIMIT).lines().toList();
  }

  /**
   * A text in UTF-8, a byte order mark left out.
   *
   * @throws DataSetException as {@link #read}, or if it is no such text
   */
  static String text(Path file, int limit) throws DataSetException {
    byte[] bytes = read(file, limit);
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return text.toString().replaceFirst("^\uFEFF", "");
    } catch (CharacterCodingException e) {
      throw new DataSetException(file + ": is no text in UTF-8; save it as such", e);
    }
  }

  /**
   * A file named by a list, inside a folder.
   *
   * @throws IllegalArgumentException if the name leads out of the folder, directly or by a link
   */
  static Path inside(Path folder, String name) throws IOException {
    Path file = folder.resolve(name).normalize();
    boolean plain = !name.isBlank() && name.indexOf('\0') < 0 && !Path.of(name).isAbsolute();
    if (!plain || !file.startsWith(folder.normalize())) {
      throw new IllegalArgumentException("\"" + name + "\" leads out of " + folder);
    }
    if (Files.exists(file) && !file.toRealPath().startsWith(folder.toRealPath())) {
      throw new IllegalArgumentException("\"" + name + "\" is a link out of " + folder);
    }
    return file;
  }
}
