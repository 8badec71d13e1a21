package io.sscam.bench.measure;

/** Text in HTML. */
final class Html {
  private Html() {}

  /** Escapes what has a meaning in text and in quoted attributes. */
  static String text(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
