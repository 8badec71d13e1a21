package io.sscam.weights;

import java.util.Collection;
import java.util.stream.Collectors;

/** Words from files, made fit for a one-line message: a name in a file is not to be trusted. */
final class Text {
  private static final int LONGEST = 120;
  private static final int LISTED = 8;

  private Text() {}

  /** The name in quotes, without line breaks or other control characters, cut when long. */
  static String quote(String name) {
    return '"' + clean(name) + '"';
  }

  /** As {@link #quote} without the quotes. */
  static String clean(String words) {
    String plain = visible(words.length() > LONGEST ? words.substring(0, LONGEST) : words);
    return words.length() > LONGEST ? plain + "…" : plain;
  }

  /** A path with no control characters, never cut. */
  static String cleanPath(String path) {
    return visible(path);
  }

  /** The first few of many, and how many more there are. */
  static String list(Collection<String> items) {
    String first = items.stream().limit(LISTED).collect(Collectors.joining(", "));
    int more = items.size() - LISTED;
    return more > 0 ? first + " and " + more + " more" : first;
  }

  /** A count with its noun, in the plural where it must be. */
  static String count(long n, String noun) {
    return n + " " + noun + (n == 1 ? "" : "s");
  }

  private static String visible(String words) {
    StringBuilder plain = new StringBuilder(words.length());
    words
        .codePoints()
        .forEach(
            c -> {
              switch (Character.getType(c)) {
                case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    plain.append(String.format("\\u%04x", c));
                default -> plain.appendCodePoint(c);
              }
            });
    return plain.toString();
  }
}
