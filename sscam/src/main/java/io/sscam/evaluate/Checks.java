package io.sscam.evaluate;

import java.util.List;
import java.util.OptionalDouble;

/** The limits of what a log holds, the same for values that are written and that are read. */
final class Checks {
  static final int LONGEST_NAME = 4096;
  private static final int SHA256_DIGITS = 64;

  private Checks() {}

  static void name(String what, String value) {
    if (value.isBlank() || value.length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "%s has 1 to %d characters, not %d"
              .formatted(what, LONGEST_NAME, value.strip().length()));
    }
  }

  static void oneOf(String what, String value, List<String> possible) {
    if (!possible.contains(value)) {
      throw new IllegalArgumentException(
          "%s is one of %s".formatted(what, String.join(", ", possible)));
    }
  }

  static void sha256(String what, String value) {
    boolean hex = value.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    if (value.length() != SHA256_DIGITS || !hex) {
      throw new IllegalArgumentException(what + " is a SHA-256 digest: 64 hexadecimal digits");
    }
  }

  static void atLeastZero(String what, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("%s is 0 or more, not %s".formatted(what, value));
    }
  }

  static void share(String what, double value) {
    within(what, value, 0, 1);
  }

  static void share(String what, OptionalDouble value) {
    value.ifPresent(v -> share(what, v));
  }

  static void within(String what, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      throw new IllegalArgumentException(
          "%s lies between %s and %s, not at %s".formatted(what, low, high, value));
    }
  }

  static void within(String what, int value, int low, int high) {
    if (value < low || value > high) {
      throw new IllegalArgumentException(
          "%s is %d to %d, not %d".formatted(what, low, high, value));
    }
  }

  static <T> void distinct(String what, List<T> values) {
    if (values.stream().distinct().count() != values.size()) {
      throw new IllegalArgumentException(what + " are given twice");
    }
  }
}
