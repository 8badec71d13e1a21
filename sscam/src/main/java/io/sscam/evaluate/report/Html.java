package io.sscam.evaluate.report;

/**
 * HTML that grows. Whatever is put in is escaped, unless it is {@code Html} itself, so no name of a
 * file or class can become markup.
 */
final class Html {
  private final StringBuilder text = new StringBuilder();

  /**
   * Adds a template.
   *
   * @param template fixed markup, in which each {@code {}} stands for the next value
   * @param values texts and numbers, which are escaped, and Html, which is not
   * @throws IllegalArgumentException if there are more or fewer values than places for them
   */
  Html add(String template, Object... values) {
    int from = 0;
    for (Object value : values) {
      int at = template.indexOf("{}", from);
      if (at < 0) {
        throw new IllegalArgumentException("too many values for " + template);
      }
      text.append(template, from, at);
      if (value instanceof Html html) {
        text.append(html.text);
      } else {
        escape(value.toString());
      }
      from = at + 2;
    }
    if (template.indexOf("{}", from) >= 0) {
      throw new IllegalArgumentException("too few values for " + template);
    }
    text.append(template, from, template.length()).append('\n');
    return this;
  }

  Html add(Html html) {
    text.append(html.text);
    return this;
  }

  private void escape(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '&' -> text.append("&amp;");
        case '<' -> text.append("&lt;");
        case '>' -> text.append("&gt;");
        case '"' -> text.append("&quot;");
        case '\'' -> text.append("&#39;");
        default -> text.append(isForbidden(c) ? '\uFFFD' : c);
      }
    }
  }

  /** Characters that HTML does not have, and those that turn the direction of what follows. */
  private static boolean isForbidden(char c) {
    return (c < ' ' && c != '\n' && c != '\t')
        || (c >= 0x7F && c <= 0x9F)
        || (c >= 0x202A && c <= 0x202E)
        || (c >= 0x2066 && c <= 0x2069);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
