package io.sscam.evaluate;

/**
 * A picture of the data set that could not be explained, and why.
 *
 * @param picture id of the picture in its data set
 * @param reason in one line, the same words for the same cause so that causes can be counted
 */
public record Skipped(String picture, String reason) {

  /**
   * Checks both.
   *
   * @throws IllegalArgumentException if one is blank or too long
   */
  public Skipped {
    Checks.name("a picture's id", picture);
    Checks.name("a reason", reason);
  }
}
