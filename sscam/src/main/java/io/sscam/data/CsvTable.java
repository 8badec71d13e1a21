package io.sscam.data;

import io.sscam.nets.Box;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The pictures that a CSV file names: a header, then a line for each picture or box. Columns, in
 * any order, others ignored: {@code file}; {@code class_index} or {@code class} or {@code
 * class_name}; and {@code xmin, ymin, xmax, ymax}, the edges of a box in pixels (0, 0, W, H is all
 * of it), empty where a picture has none.
 *
 * @param entries by file, in the order of the lines
 * @param problems lines that cannot be used
 */
record CsvTable(Map<String, Entry> entries, List<Problem> problems) {
  private static final List<String> EDGES = List.of("xmin", "ymin", "xmax", "ymax");
  private static final List<String> LABELS = List.of("class_index", "class", "class_name");
  private static final List<String> COLUMNS =
      List.of("file", "class_index", "class", "class_name", "xmin", "ymin", "xmax", "ymax");
  private static final double LARGEST = 1 << 20;

  /** Labels and boxes of one picture. */
  record Entry(Set<String> labels, List<LabelledBox> boxes) {}

  /**
   * Reads the lines.
   *
   * @param name of the file, for messages
   * @throws DataSetException if the header lacks a column or has one twice
   */
  static CsvTable read(String name, List<String> lines) throws DataSetException {
    if (lines.isEmpty()) {
      throw new DataSetException(name + ": is empty; it needs a header: file,class");
    }
    List<String> header = header(name, lines.get(0));
    int file = header.indexOf("file");
    int label = labelColumn(header);
    boolean boxes = header.contains("xmin");
    if (file < 0 || label < 0) {
      throw new DataSetException(
          name + ": needs a header with file and class (or class_index), and has " + header);
    }
    CsvTable table = new CsvTable(new LinkedHashMap<>(), new ArrayList<>());
    for (int i = 1; i < lines.size(); i++) {
      if (lines.get(i).isBlank()) {
        continue;
      }
      try {
        List<String> row = Csv.fields(lines.get(i));
        if (row.size() != header.size()) {
          throw new IllegalArgumentException(
              "has %d fields, not %d".formatted(row.size(), header.size()));
        }
        table.add(row.get(file), row.get(label), boxes ? edges(header, row) : List.of());
      } catch (IllegalArgumentException e) {
        table.problems.add(Problem.of(name + " line " + (i + 1), e));
      }
    }
    return table;
  }

  private static List<String> header(String name, String line) throws DataSetException {
    List<String> header;
    try {
      header = Csv.fields(line).stream().map(h -> h.toLowerCase(Locale.ROOT)).toList();
    } catch (IllegalArgumentException e) {
      throw new DataSetException(
          name + ": needs a header with file and class, and its first line: " + e.getMessage(), e);
    }
    for (String column : COLUMNS) {
      if (Collections.frequency(header, column) > 1) {
        throw new DataSetException(name + ": has the column " + column + " twice");
      }
    }
    long edges = EDGES.stream().filter(header::contains).count();
    if (edges != 0 && edges != EDGES.size()) {
      throw new DataSetException(
          name + ": boxes need all of the columns xmin, ymin, xmax, ymax; it has " + header);
    }
    return header;
  }

  private static int labelColumn(List<String> header) {
    for (String name : LABELS) {
      if (header.contains(name)) {
        return header.indexOf(name);
      }
    }
    return -1;
  }

  /** The four edges, or none where all are empty. */
  private static List<Double> edges(List<String> header, List<String> row) {
    List<String> texts = EDGES.stream().map(edge -> row.get(header.indexOf(edge))).toList();
    if (texts.stream().allMatch(String::isEmpty)) {
      return List.of();
    }
    return texts.stream().map(CsvTable::edge).toList();
  }

  private static double edge(String text) {
    try {
      double edge = Double.parseDouble(text);
      if (Math.abs(edge) <= LARGEST) {
        return edge;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "\"" + OneLine.word(text) + "\" is no edge of a box in pixels");
  }

  private void add(String file, String label, List<Double> edges) {
    if (file.isEmpty()) {
      throw new IllegalArgumentException("names no file");
    }
    if (!OneLine.isName(label)) {
      throw new IllegalArgumentException("names no class, in 1 to 200 characters");
    }
    List<LabelledBox> boxes = new ArrayList<>();
    if (!edges.isEmpty()) {
      if (!(edges.get(0) < edges.get(2) && edges.get(1) < edges.get(3))) {
        throw new IllegalArgumentException("has a box that is turned inside out");
      }
      Box box = new Box(edges.get(0), edges.get(1), edges.get(2), edges.get(3));
      boxes.add(new LabelledBox(label, box));
    }
    Entry entry =
        entries.computeIfAbsent(file, f -> new Entry(new LinkedHashSet<>(), new ArrayList<>()));
    entry.labels.add(label);
    entry.boxes.addAll(boxes);
  }
}
