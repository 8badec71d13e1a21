package io.sscam.data;

import java.util.regex.Pattern;

/** A stranger's words as they are shown: in one line, of a bearable length, without controls. */
final class OneLine {
  private static final Pattern BREAK = Pattern.compile("\\s*[\\p{Cntrl}\u0085\u2028\u2029]+\\s*");
  private static final int LONGEST = 1000;
  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_WORD = 100;

  private OneLine() {}

  /** The text with line ends and other control characters made blanks, cut where it is long. */
  static String of(String text) {
    boolean cut = text.length() > LONGEST;
    String line = BREAK.matcher(cut ? text.substring(0, LONGEST) : text).replaceAll(" ").strip();
    return cut ? line + "…" : line;
  }

  /** A field as a message quotes it, so that it leaves room for what is wrong with it. */
  static String word(String text) {
    return text.length() > LONGEST_WORD ? text.substring(0, LONGEST_WORD) + "…" : text;
  }

  /** Whether a text can name a class: 1 to 200 characters in one line. */
  static boolean isName(String text) {
    return !text.isBlank() && text.length() <= LONGEST_NAME && !BREAK.matcher(text).find();
  }
}
