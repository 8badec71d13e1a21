package io.sscam.image;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A fixed font of 9×15 pixels (X11's public-domain 9x15: Latin letters and a few signs), enlarged
 * by whole numbers. It is part of the program because Java2D's text needs fontconfig and installed
 * fonts, throws without them, and differs from machine to machine.
 */
final class BitmapFont {
  static final int WIDTH = 9;
  static final int HEIGHT = 15;
  private static final int REPLACEMENT = 0xFFFD;
  private static final Map<Integer, int[]> GLYPHS = load();

  private BitmapFont() {}

  private static Map<Integer, int[]> load() {
    Map<Integer, int[]> glyphs = new HashMap<>();
    for (String line : Resources.lines("font9x15.txt")) {
      String[] parts = line.split(" ", -1);
      int[] rows = new int[HEIGHT];
      for (int i = 0; i < HEIGHT; i++) {
        rows[i] = Integer.parseInt(parts[i + 1], 16);
      }
      glyphs.put(Integer.parseInt(parts[0], 16), rows);
    }
    return glyphs;
  }

  /**
   * The rows of a character, leftmost pixel in bit 8; a sign for "unknown" if the font lacks it.
   */
  static int[] rows(int codePoint) {
    int[] rows = GLYPHS.get(codePoint);
    if (rows == null) {
      String parts = Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFKD);
      rows = GLYPHS.get(parts.codePointAt(0)); // a letter without its accent
    }
    if (rows == null) {
      rows = GLYPHS.get(Character.isWhitespace(codePoint) ? (int) ' ' : REPLACEMENT);
    }
    return rows == null ? new int[HEIGHT] : rows;
  }

  /** How wide a text is, enlarged. */
  static int width(String text, int scale) {
    return text.codePointCount(0, text.length()) * WIDTH * scale;
  }

  /** The part of a text that fits into so many characters, with an ellipsis if it had to be cut. */
  static String cut(String text, int columns) {
    if (text.codePointCount(0, text.length()) <= columns) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, Math.max(0, columns - 1))) + "\u2026";
  }

  /** Breaks a text between words into lines of so many characters, at least one line. */
  static List<String> wrap(String text, int columns) {
    List<String> lines = new ArrayList<>();
    String line = "";
    for (String word : text.strip().split("\\s+", -1)) {
      String longer = line.isEmpty() ? word : line + " " + word;
      if (!line.isEmpty() && longer.codePointCount(0, longer.length()) > columns) {
        lines.add(line);
        longer = word;
      }
      line = cut(longer, columns);
    }
    lines.add(line);
    return lines;
  }
}
