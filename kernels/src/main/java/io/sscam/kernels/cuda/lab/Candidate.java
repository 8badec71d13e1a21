package io.sscam.kernels.cuda.lab;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A user's CUDA C++.
 *
 * @param name of the file, for messages and the compiler's log
 * @param text the source
 */
public record Candidate(String name, String text) {
  /** A kernel is a page or two. */
  static final int LARGEST = 1 << 20;

  /**
   * Reads a file.
   *
   * @throws CandidateException if it cannot be read, is larger than 1 MiB, or is no UTF-8 text
   */
  public static Candidate read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw refuse(file, "is larger than 1 MiB");
      }
      return new Candidate(String.valueOf(file.getFileName()), text(file, bytes));
    } catch (NoSuchFileException e) {
      throw refuse(file, "does not exist");
    } catch (AccessDeniedException e) {
      throw refuse(file, "may not be read");
    } catch (IOException e) {
      throw refuse(file, Files.isDirectory(file) ? "is a folder" : "cannot be read");
    }
  }

  private static String text(Path file, byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.indexOf('\0') < 0) { // where the compiler's C string would end
        return text;
      }
    } catch (CharacterCodingException e) {
      // said below
    }
    throw refuse(file, "is no text in UTF-8");
  }

  private static CandidateException refuse(Path file, String why) {
    return new CandidateException(file + " " + why + "; name a file of CUDA C++");
  }
}
