package io.sscam.evaluate.report;

import io.sscam.evaluate.Measure;
import io.sscam.metrics.Interval;
import java.util.Locale;

/** Numbers as people read them, the same in every locale. */
final class Numbers {
  private Numbers() {}

  /** With as many digits as the measure deserves. */
  static String of(Measure measure, double value) {
    return fixed(value, digits(measure));
  }

  /** With its sign, for differences. */
  static String signed(Measure measure, double value) {
    String text = of(measure, value);
    boolean zero = text.chars().noneMatch(c -> c >= '1' && c <= '9');
    return text.startsWith("−") || zero ? text : "+" + text;
  }

  /** {@code 28.4 – 34.0}. */
  static String range(Measure measure, Interval interval) {
    return of(measure, interval.low()) + " – " + of(measure, interval.high());
  }

  /** {@code −0.4 to +1.2}; a dash would read as one more sign. */
  static String signedRange(Measure measure, Interval interval) {
    return signed(measure, interval.low()) + " to " + signed(measure, interval.high());
  }

  static String fixed(double value, int digits) {
    String text = String.format(Locale.ROOT, "%." + digits + "f", Math.abs(value));
    boolean zero = text.chars().noneMatch(c -> c >= '1' && c <= '9');
    return value < 0 && !zero ? "−" + text : text;
  }

  /** A whole number in groups of three: {@code 49 731}. */
  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value).replace(',', '\u202F');
  }

  /** An option's value: {@code 2}, {@code 0.5}. */
  static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private static int digits(Measure measure) {
    return switch (measure) {
      case DELETION, INSERTION -> 3;
      case SECONDS -> 2;
      default -> 1;
    };
  }
}
