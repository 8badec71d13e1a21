package io.sscam;

/** Which class of a picture is to be explained. */
public sealed interface Target {

  /** The class ranked {@code rank}-th by the net, 1 being the most probable. */
  record Ranked(int rank) implements Target {}

  /** A class by number. */
  record Index(int index) implements Target {}

  /** A class by name, or an unambiguous part of it. */
  record Named(String name) implements Target {}

  /** The most probable class. */
  static Target top() {
    return new Ranked(1);
  }

  /**
   * What a user writes: a number, {@code top} or {@code top3} for the third most probable class, or
   * a name.
   */
  static Target parse(String text) {
    if (text.matches("\\d{1,9}")) {
      return new Index(Integer.parseInt(text));
    }
    if (text.matches("(?i)top[1-9]\\d{0,5}")) {
      return new Ranked(Integer.parseInt(text.substring(3)));
    }
    return text.equalsIgnoreCase("top") ? top() : new Named(text);
  }
}
