package io.sscam.data;

import java.util.Objects;

/**
 * Something of a data set that cannot be used, and why.
 *
 * @param id the picture's, or the place in the list that names it
 * @param reason in one line
 */
public record Problem(String id, String reason) {

  /** Makes both one line, whatever a stranger's file has put into them. */
  public Problem {
    String line = OneLine.of(id);
    id = line.isEmpty() ? "(no name)" : line;
    reason = OneLine.of(reason);
  }

  static Problem of(String id, Exception e) {
    return new Problem(id, Objects.requireNonNullElse(e.getMessage(), e.toString()));
  }
}
