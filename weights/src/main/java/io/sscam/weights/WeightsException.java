package io.sscam.weights;

import java.nio.channels.ClosedByInterruptException;

/**
 * Something about a weight file, or about fetching one, is not as it must be. The message is one
 * line: the file, the tensor where there is one, what is wrong, and what to do about it.
 *
 * <p>Unchecked, because tensors are read lazily through {@link io.sscam.engine.TensorSource}; a
 * program that talks to a user catches it in one place.
 */
public final class WeightsException extends RuntimeException {
  private final String file;

  /**
   * A finding about a whole file.
   *
   * @param file the file, as the user named it
   * @param problem what is wrong, without a full stop
   * @param mend what the user can do, without a full stop
   */
  public WeightsException(String file, String problem, String mend) {
    super(line(file, problem, mend));
    this.file = file;
  }

  /** As the other constructor, with what gave rise to it. */
  public WeightsException(String file, String problem, String mend, Throwable cause) {
    super(line(file, problem, mend), cause);
    this.file = file;
  }

  /** A finding about one tensor of a file. */
  static WeightsException tensor(String file, String tensor, String problem, String mend) {
    return new WeightsException(file, "tensor " + Text.quote(tensor) + " " + problem, mend);
  }

  /** A failed read or write; the cause's own words are kept, on one line. */
  static WeightsException io(String file, String what, java.io.IOException cause) {
    if (cause instanceof ClosedByInterruptException) {
      return new WeightsException(file, what + " (the thread was interrupted)", "try again", cause);
    }
    String reason = cause.getMessage();
    String words = reason == null ? cause.getClass().getSimpleName() : Text.clean(reason);
    return new WeightsException(
        file, what + " (" + words + ")", "check the path, its permissions and the disk", cause);
  }

  /** The file the finding is about, as the user named it. */
  public String file() {
    return file;
  }

  private static String line(String file, String problem, String mend) {
    return Text.cleanPath(file) + ": " + problem + "; " + mend;
  }
}
