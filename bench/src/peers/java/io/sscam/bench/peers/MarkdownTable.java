package io.sscam.bench.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A table in Markdown whose columns are as wide as they need; words to the left, numbers right. */
final class MarkdownTable {
  private final int words;
  private final List<List<String>> rows = new ArrayList<>();

  /** With {@code words} columns of words before those of numbers. */
  MarkdownTable(int words, List<String> head) {
    this.words = words;
    rows.add(List.copyOf(head));
  }

  void add(List<String> row) {
    if (row.size() != rows.get(0).size()) {
      throw new IllegalArgumentException(row.size() + " cells under " + rows.get(0).size());
    }
    rows.add(List.copyOf(row));
  }

  boolean isEmpty() {
    return rows.size() == 1;
  }

  List<String> lines() {
    int columns = rows.get(0).size();
    int[] widths =
        IntStream.range(0, columns)
            .map(c -> rows.stream().mapToInt(row -> row.get(c).length()).max().orElse(0))
            .toArray();
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder("|");
      for (int c = 0; c < columns; c++) {
        String space = " ".repeat(widths[c] - row.get(c).length());
        line.append(' ').append(c < words ? row.get(c) + space : space + row.get(c)).append(" |");
      }
      lines.add(line.toString());
    }
    StringBuilder rule = new StringBuilder("|");
    for (int c = 0; c < columns; c++) {
      rule.append("-".repeat(widths[c] + 1)).append(c < words ? '-' : ':').append('|');
    }
    lines.add(1, rule.toString());
    return lines;
  }
}
