package io.sscam.weights;

import java.nio.file.Files;
import java.nio.file.Path;

/** The first questions to any file a user names. */
final class InputFiles {
  private InputFiles() {}

  /** Throws unless the path is a file that is there, can be read and holds something. */
  static void requireRegular(Path path) {
    String file = path.toString();
    if (!Files.exists(path)) {
      throw new WeightsException(file, "there is no such file", "check the path");
    }
    if (!Files.isRegularFile(path)) {
      throw new WeightsException(file, "is not a file", "name the weight file itself");
    }
    if (!Files.isReadable(path)) {
      throw new WeightsException(file, "may not be read", "check its permissions");
    }
    if (path.toFile().length() == 0) {
      throw new WeightsException(file, "is empty", "fetch or convert the file again");
    }
  }
}
