package io.sscam;

import java.util.ArrayList;
import java.util.List;

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
    return ranked(1);
  }

  /** The class ranked {@code rank}-th by the net, 1 being the most probable. */
  static Target ranked(int rank) {
    return new Ranked(rank);
  }

  /** A class by number, from 0 on. */
  static Target index(int index) {
    return new Index(index);
  }

  /** A class by name, or an unambiguous part of it, in small or capital letters. */
  static Target named(String name) {
    return new Named(name);
  }

  /**
   * What a user writes for one class: a number, a name, {@code top} for the most probable class or
   * {@code #3} for the third most probable one.
   */
  static Target parse(String text) {
    if (text.matches("\\d{1,9}")) {
      return new Index(Integer.parseInt(text));
    }
    if (text.matches("#[1-9]\\d{0,5}")) {
      return new Ranked(Integer.parseInt(text.substring(1)));
    }
    return text.equalsIgnoreCase("top") ? top() : new Named(text);
  }

  /**
   * What a user writes for several classes: as for one, separated by commas; {@code top3} stands
   * for the three most probable classes.
   */
  static List<Target> parseAll(String text) {
    List<Target> targets = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String one = part.strip();
      if (one.isEmpty()) {
        throw new IllegalArgumentException("a class is missing in \"" + text + "\"");
      }
      if (one.matches("(?i)top[1-9]\\d{0,3}")) {
        int count = Integer.parseInt(one.substring(3));
        for (int rank = 1; rank <= count; rank++) {
          targets.add(new Ranked(rank));
        }
      } else {
        targets.add(parse(one));
      }
    }
    return targets;
  }
}
