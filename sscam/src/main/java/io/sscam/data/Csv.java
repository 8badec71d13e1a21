package io.sscam.data;

import java.util.ArrayList;
import java.util.List;

/** Rows of comma-separated values (RFC 4180), one a line: quotes may hold commas, not line ends. */
final class Csv {
  private static final int MOST_FIELDS = 1000;

  private Csv() {}

  /**
   * The fields of a line.
   *
   * @throws IllegalArgumentException for quotes that do not pair, or over 1000 fields
   */
  static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quoted && c == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        field.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        fields.add(field.toString().strip());
        field.setLength(0);
        if (fields.size() == MOST_FIELDS) {
          throw new IllegalArgumentException("has more than " + MOST_FIELDS + " fields");
        }
      } else {
        field.append(c);
      }
    }
    if (quoted) {
      throw new IllegalArgumentException("a quote is not closed");
    }
    fields.add(field.toString().strip());
    return fields;
  }
}
