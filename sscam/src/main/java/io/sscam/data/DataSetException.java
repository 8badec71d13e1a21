package io.sscam.data;

import java.io.IOException;

/** A data set as a whole cannot be used; the message says in one line what, why and the mend. */
public final class DataSetException extends IOException {
  private static final long serialVersionUID = 1;

  DataSetException(String message) {
    super(OneLine.of(message));
  }

  DataSetException(String message, Throwable cause) {
    super(OneLine.of(message), cause);
  }
}
