package io.sscam.bench.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file or folder that the user named for the results cannot be written. */
final class OutputException extends RuntimeException {
  private static final long serialVersionUID = 1;

  OutputException(Path path, IOException cause) {
    this(path, cause, "name another folder with --out");
  }

  OutputException(Path path, IOException cause, String mend) {
    super("cannot write " + path + ": " + reason(path, cause) + "; " + mend, cause);
  }

  /** Why a file cannot be written, in words. */
  static String reason(Path path, IOException cause) {
    if (cause instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (cause instanceof NoSuchFileException) {
      return "nothing can be made there";
    }
    if (cause instanceof FileAlreadyExistsException) {
      return "a file of that name is in the way";
    }
    String message = cause.getMessage();
    if (message == null) {
      return cause.getClass().getSimpleName();
    }
    String named = path + ": ";
    return (message.startsWith(named) ? message.substring(named.length()) : message)
        .replace('\n', ' ');
  }
}
