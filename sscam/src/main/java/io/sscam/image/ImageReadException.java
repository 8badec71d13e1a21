package io.sscam.image;

import java.io.IOException;

/** A picture file that is no input: its one-line message names the file, the cause and the mend. */
public final class ImageReadException extends IOException {
  private static final long serialVersionUID = 1;

  ImageReadException(String file, String why, String mend, Throwable cause) {
    super("%s: %s; %s".formatted(file, why, mend), cause);
  }
}
