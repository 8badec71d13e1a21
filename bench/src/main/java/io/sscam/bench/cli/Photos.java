package io.sscam.bench.cli;

import io.sscam.NonFiniteException;
import io.sscam.image.ImageReadException;
import io.sscam.image.ImageReader;
import io.sscam.nets.RgbImage;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the pictures that a user named, one after the other; a bad one does not stop the rest. */
final class Photos {
  private final PrintWriter err;
  private final List<Path> paths;

  /**
   * A picture that could be read.
   *
   * @param number its place among those named, from 0 on
   */
  record Photo(Path path, int number, RgbImage image) {
    /** The file's name without folder and suffix. */
    String stem() {
      return Photos.stem(path);
    }
  }

  private static String stem(Path path) {
    Path name = path.getFileName();
    return name == null ? "picture" : name.toString().replaceFirst("(?<=.)\\.[^.]*$", "");
  }

  /** What is done with a picture. */
  @FunctionalInterface
  interface Action {
    void accept(Photo photo) throws Exception;
  }

  Photos(PrintWriter err, List<Path> paths) {
    this.err = err;
    this.paths = paths;
  }

  /**
   * Makes sure that no photo's results overwrite another's.
   *
   * @param suffix what the name of a result ends in
   */
  static void requireDistinct(List<Path> paths, String suffix) {
    Map<String, Path> byStem = new HashMap<>();
    for (Path path : paths) {
      Path other = byStem.putIfAbsent(stem(path), path);
      if (other != null) {
        throw new IllegalArgumentException(
            "%s and %s would both be written to %s.%s; run them one by one, each with its own --out"
                .formatted(other, path, stem(path), suffix));
      }
    }
  }

  /**
   * The exit code: bad input if one of the pictures could not be read, or overflowed in the net.
   */
  int forEach(Action action) throws Exception {
    int code = ExitCode.OK;
    for (int i = 0; i < paths.size(); i++) {
      Path path = paths.get(i);
      try {
        action.accept(new Photo(path, i, ImageReader.read(path).image()));
      } catch (ImageReadException e) {
        report(Main.oneLine(e));
        code = ExitCode.BAD_INPUT;
      } catch (NonFiniteException e) {
        report(path + ": " + Main.oneLine(e));
        code = ExitCode.BAD_INPUT;
      }
    }
    return code;
  }

  private void report(String words) {
    err.println("error: " + words);
    err.flush();
  }
}
