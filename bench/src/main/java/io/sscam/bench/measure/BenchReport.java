package io.sscam.bench.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The results as a table of at most {@link #WIDTH} columns. */
public final class BenchReport {
  /** Columns of the widest line. */
  static final int WIDTH = 100;

  /** The share of its net's time from which a layer is shown. */
  private static final double LONG = 0.06;

  private static final int NAME = 24;
  private static final int PARAMS = 25;
  private static final String FORMAT = "%-24s %-25s %9s %5s %8s %8s %5s %9s";

  private BenchReport() {}

  /** The whole report, a line each. */
  public static List<String> lines(BenchResult result) {
    List<String> lines = new ArrayList<>();
    result
        .environment()
        .forEach((name, value) -> lines.addAll(wrapped("%-16s ".formatted(name + ":"), value)));
    lines.addAll(wrapped("ceilings:        ", roof(result.roof(), result.fact("precision"))));
    for (Group group : Group.values()) {
      if (!result.of(group).isEmpty()) {
        lines.add("");
        lines.add(header(group));
        shown(group, result).forEach(row -> lines.add(line(row, result.roof())));
      }
    }
    lines.add("");
    for (String note : legend()) {
      lines.addAll(wrapped("", note));
    }
    for (String note : result.notes()) {
      lines.addAll(wrapped("* ", note));
    }
    return lines.stream().map(String::stripTrailing).toList();
  }

  /** The rows of a group; of the layers only those that take long. */
  private static List<Measurement> shown(Group group, BenchResult result) {
    List<Measurement> rows = result.of(group);
    if (group != Group.LAYERS) {
      return rows;
    }
    Map<String, Double> nets =
        rows.stream()
            .collect(
                Collectors.groupingBy(
                    Measurement::name, Collectors.summingDouble(Measurement::median)));
    return rows.stream()
        .filter(row -> row.median() >= LONG * nets.getOrDefault(row.name(), 0.0))
        .toList();
  }

  /** What the columns mean. */
  static List<String> legend() {
    return List.of(
        "Figures are medians; ± is the larger distance of the 10 % and the 90 % quantile, in points"
            + " where the figure is a share. It is at least the difference between rounds, which are"
            + " processes of their own, that three quarters of such rows of the group keep to.",
        "GB/s counts what a call must move at least, GFLOP/s what it must compute. roof: the time"
            + " that the ceilings allow as a share of the time taken; over 100 % where the data stay"
            + " in the caches, or where fewer operations do than plain sums have, which are counted"
            + " (Winograd's filtering). limit: the nearer ceiling, or overhead where both are over twenty times"
            + " away. Layers that take less than 6 % of their net's time stand in --json and --html"
            + " only.");
  }

  /** The ceilings in words. */
  static String roof(Roof roof, String precision) {
    String nets =
        precision.equals("fp32")
            ? ""
            : ", " + number(roof.netFlopsPerSecond() / 1e9) + " in " + precision;
    return "%s GB/s; %s GFLOP/s in fp32%s"
        .formatted(number(roof.bytesPerSecond() / 1e9), number(roof.flopsPerSecond() / 1e9), nets);
  }

  /** The heading of the column that counts what a group's rows do. */
  static String rate(Group group) {
    return switch (group) {
      case NETS -> "images/s";
      case SSCAM -> "passes/s";
      default -> "GB/s";
    };
  }

  private static String header(Group group) {
    return FORMAT.formatted(group.id(), "", "median", "±", rate(group), "GFLOP/s", "roof", "limit");
  }

  private static String line(Measurement row, Roof roof) {
    List<String> cells = cells(row, roof);
    return FORMAT.formatted(
        cut(cells.get(0), NAME),
        cut(cells.get(1), PARAMS),
        cells.get(2),
        cells.get(3),
        cells.get(4),
        cells.get(5),
        cells.get(6),
        cells.get(7));
  }

  /** The eight cells of a row: name, sizes, median, spread, rate, GFLOP/s, share, limit. */
  static List<String> cells(Measurement row, Roof roof) {
    boolean counted = row.timed() && (row.bytes() > 0 || row.flops() > 0);
    boolean under = counted && row.group() != Group.CEILINGS; // those are the roof
    return List.of(
        row.name(),
        row.params(),
        quantity(row.median(), row.unit()),
        spread(row),
        counted ? rate(row) : "",
        counted && row.flops() > 0 ? number(row.flopsPerSecond() / 1e9) : "",
        under ? percent(roof.share(row)) : "",
        under ? roof.limit(row).name().toLowerCase(Locale.ROOT) : "");
  }

  /** Relative; of a share, which is in per cent itself, in points. */
  private static String spread(Measurement row) {
    return row.unit().equals(Measurement.PERCENT)
        ? String.format(Locale.ROOT, "%.1f", row.distance())
        : percent(row.spread());
  }

  private static String rate(Measurement row) {
    if (row.group() == Group.NETS || row.group() == Group.SSCAM) {
      return row.items() == 0 ? "" : number(row.itemsPerSecond());
    }
    return row.bytes() == 0 ? "" : number(row.bytesPerSecond() / 1e9);
  }

  /** A value with its unit, scaled to be short. */
  static String quantity(double value, String unit) {
    return switch (unit) {
      case Measurement.PERCENT -> String.format(Locale.ROOT, "%.1f %%", value);
      case Measurement.BYTES ->
          value < 1 << 30 ? number(value / (1 << 20)) + " MiB" : number(value / (1 << 30)) + " GiB";
      default -> {
        if (value < 1e-3) {
          yield number(value * 1e6) + " µs";
        }
        yield value < 1 ? number(value * 1e3) + " ms" : number(value) + " s";
      }
    };
  }

  /** A share in at most five characters. */
  static String percent(double share) {
    if (share >= 9.995) {
      return ">999%";
    }
    return String.format(Locale.ROOT, share < 0.0995 ? "%.1f%%" : "%.0f%%", 100 * share);
  }

  /** Three significant digits, and all those before the point up to a million. */
  static String number(double value) {
    double size = Math.abs(value);
    if (size >= 999_999.5) {
      return String.format(Locale.ROOT, "%.1e", value);
    }
    int digits = size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3;
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, width - 1) + "…";
  }

  /** Text broken between words, indented under the first line. */
  static List<String> wrapped(String head, String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder(head);
    String indent = " ".repeat(head.length());
    for (String word : text.split(" ", -1)) {
      String rest = word;
      if (line.length() > indent.length() && line.length() + rest.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder(indent);
      }
      while (line.length() + rest.length() > WIDTH) {
        int room = WIDTH - line.length();
        lines.add(line + rest.substring(0, room));
        rest = rest.substring(room);
        line = new StringBuilder(indent);
      }
      line.append(rest).append(' ');
    }
    lines.add(line.toString());
    return lines;
  }
}
