package io.sscam.bench.cli;

import java.io.IOException;

/** A file that the user named cannot be read; the cause's message names it and the mend. */
final class InputException extends RuntimeException {
  private static final long serialVersionUID = 1;

  InputException(IOException cause) {
    super(cause.getMessage(), cause);
  }
}
