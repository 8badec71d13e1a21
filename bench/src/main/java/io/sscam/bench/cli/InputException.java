package io.sscam.bench.cli;

import java.io.IOException;

/** What the user named cannot be read or used; the message names it and the mend. */
final class InputException extends RuntimeException {
  private static final long serialVersionUID = 1;

  InputException(String message) {
    super(message);
  }

  InputException(IOException cause) {
    super(cause.getMessage(), cause);
  }
}
