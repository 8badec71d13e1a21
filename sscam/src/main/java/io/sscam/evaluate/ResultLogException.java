package io.sscam.evaluate;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A log that cannot be used: its one-line message names the file, the cause and the mend. */
public final class ResultLogException extends IOException {
  private static final long serialVersionUID = 1;

  ResultLogException(Object file, String why, String mend) {
    this(file, why, mend, null);
  }

  ResultLogException(Object file, String why, String mend, @Nullable Throwable cause) {
    super("%s: %s; %s".formatted(file, why, mend), cause);
  }
}
