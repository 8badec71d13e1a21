package io.sscam.bench.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The results as one page that needs nothing else: roofline, batch scaling, tables, environment;
 * light or dark as the reader's system is.
 */
public final class BenchHtml {
  private static final String STYLE =
      """
      :root { --page: #fff; --text: #1c2330; --faint: #d9dee6; --soft: #5b6678;
        --a: #0b62c4; --b: #b5480b; --c: #157347; --d: #7a3fb5; --roof: #1c2330; }
      @media (prefers-color-scheme: dark) {
        :root { --page: #14181f; --text: #e5e9f0; --faint: #343c49; --soft: #9aa5b6;
          --a: #6cb2ff; --b: #ff9b5e; --c: #62d296; --d: #c79bff; --roof: #e5e9f0; } }
      * { box-sizing: border-box; }
      body { margin: 0 auto; padding: 1rem; max-width: 64rem; background: var(--page);
        color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
      h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2rem; }
      figure { margin: 0; } figcaption { color: var(--soft); font-size: .9rem; }
      svg { display: block; width: 100%; max-width: 46rem; height: auto; }
      svg text { fill: var(--text); font-size: 12px; }
      .grid { stroke: var(--faint); } polyline { fill: none; stroke-width: 2; }
      .roof { stroke: var(--roof); }
      circle.a { fill: var(--a); } circle.b { fill: var(--b); } circle.c { fill: var(--c); } circle.d { fill: var(--d); }
      polyline.a { stroke: var(--a); } polyline.b { stroke: var(--b); }
      polyline.c { stroke: var(--c); }
      .key.a { color: var(--a); } .key.b { color: var(--b); } .key.c { color: var(--c); }
      .key.d { color: var(--d); }
      .wide { overflow-x: auto; }
      table { border-collapse: collapse; font-size: .9rem; }
      th, td { padding: .2rem .6rem; text-align: right; white-space: nowrap;
        border-bottom: 1px solid var(--faint); }
      th:first-child, td:first-child, th:nth-child(2), td:nth-child(2) { text-align: left; }
      dl { display: grid; grid-template-columns: auto 1fr; gap: .2rem 1rem; font-size: .9rem; }
      dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
      """;

  private static final List<String> COLOURS = List.of("a", "b", "c");

  private BenchHtml() {}

  /** The page. */
  public static String write(BenchResult result) {
    StringBuilder page = new StringBuilder();
    page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .append("<title>sscam-engine: benchmarks</title>\n<style>\n")
        .append(STYLE)
        .append("</style>\n</head>\n<body>\n<h1>sscam-engine: benchmarks</h1>\n")
        .append(paragraph(result.fact("hardware") + ", " + result.fact("precision")))
        .append(paragraph("Ceilings: " + BenchReport.roof(result.roof(), precision(result))));
    page.append(roofline(result)).append(scaling(result));
    for (Group group : Group.values()) {
      if (!result.of(group).isEmpty()) {
        page.append(table(group, result));
      }
    }
    page.append("<h2>How to read this</h2>\n");
    BenchReport.legend().forEach(line -> page.append(paragraph(line)));
    result.notes().forEach(note -> page.append(paragraph(note)));
    return page.append(environment(result)).append("</body>\n</html>\n").toString();
  }

  private static String precision(BenchResult result) {
    return result.fact("precision");
  }

  private static String paragraph(String text) {
    return "<p>" + Html.text(text) + "</p>\n";
  }

  /** Rows as points under both ceilings. */
  private static String roofline(BenchResult result) {
    List<Measurement> rows =
        result.measurements().stream()
            .filter(row -> row.group() != Group.CEILINGS && row.timed())
            .filter(row -> row.bytes() > 0 && row.flops() > 0)
            .toList();
    if (rows.isEmpty()) {
      return "";
    }
    Roof roof = result.roof();
    double top = Math.max(roof.flopsPerSecond(), roof.netFlopsPerSecond());
    List<Double> xs = new ArrayList<>(List.of(top / roof.bytesPerSecond()));
    List<Double> ys = new ArrayList<>(List.of(top / 1e9));
    for (Measurement row : rows) {
      xs.add(row.flops() / row.bytes());
      ys.add(row.flopsPerSecond() / 1e9);
    }
    Plot plot = new Plot("Roofline", "operations a byte", "GFLOP/s", xs, ys);
    roof(plot, roof.bytesPerSecond(), roof.flopsPerSecond());
    roof(plot, roof.bytesPerSecond(), roof.netFlopsPerSecond());
    for (Measurement row : rows) {
      plot.point(
          colour(row.group()),
          row.flops() / row.bytes(),
          row.flopsPerSecond() / 1e9,
          row.name() + ", " + row.params() + ": " + BenchReport.percent(roof.share(row)));
    }
    return "<h2>Roofline</h2>\n<figure>\n"
        + plot.end()
        + "<figcaption>Lines: the ceilings of memory and arithmetic. Points: "
        + key("a", "operations on maps")
        + ", "
        + key("b", "nets")
        + ", "
        + key("d", "their layers")
        + ", "
        + key("c", "explanations")
        + ".</figcaption>\n</figure>\n";
  }

  /** From the left or the bottom edge up to the ridge, then level. */
  private static void roof(Plot plot, double bytesPerSecond, double flopsPerSecond) {
    double ridge = flopsPerSecond / bytesPerSecond;
    double start = Math.max(plot.left(), plot.bottom() * 1e9 / bytesPerSecond);
    plot.line(
        "roof",
        new double[] {start, ridge, plot.right()},
        new double[] {start * bytesPerSecond / 1e9, flopsPerSecond / 1e9, flopsPerSecond / 1e9});
  }

  private static String colour(Group group) {
    return switch (group) {
      case NETS -> "b";
      case LAYERS -> "d";
      case SSCAM -> "c";
      default -> "a";
    };
  }

  private static String key(String colour, String text) {
    return "<span class=\"key " + colour + "\">● " + Html.text(text) + "</span>";
  }

  /** Pictures a second over the batch, a line for each net. */
  private static String scaling(BenchResult result) {
    Map<String, List<Measurement>> nets = new LinkedHashMap<>();
    List<Double> xs = new ArrayList<>();
    List<Double> ys = new ArrayList<>();
    for (Measurement row : result.of(Group.NETS)) {
      nets.computeIfAbsent(row.name(), name -> new ArrayList<>()).add(row);
      xs.add((double) row.items());
      ys.add(row.itemsPerSecond());
    }
    if (nets.isEmpty()) {
      return "";
    }
    Plot plot = new Plot("Batch scaling", "pictures a batch", "images/s", xs, ys);
    StringBuilder keys = new StringBuilder();
    int next = 0;
    for (Map.Entry<String, List<Measurement>> net : nets.entrySet()) {
      String colour = COLOURS.get(next++ % COLOURS.size());
      List<Measurement> rows = net.getValue();
      plot.line(
          colour,
          rows.stream().mapToDouble(Measurement::items).toArray(),
          rows.stream().mapToDouble(Measurement::itemsPerSecond).toArray());
      for (Measurement row : rows) {
        String rate = BenchReport.number(row.itemsPerSecond()) + " images/s";
        plot.point(colour, (double) row.items(), row.itemsPerSecond(), row.params() + ": " + rate);
      }
      keys.append(key(colour, net.getKey())).append(' ');
    }
    return "<h2>Batch scaling</h2>\n<figure>\n"
        + plot.end()
        + "<figcaption>"
        + keys.toString().strip()
        + "</figcaption>\n</figure>\n";
  }

  private static String table(Group group, BenchResult result) {
    StringBuilder table = new StringBuilder("<h2>" + group.id() + "</h2>\n");
    table.append("<div class=\"wide\"><table>\n<tr>");
    for (String head :
        List.of("", "", "median", "±", BenchReport.rate(group), "GFLOP/s", "roof", "limit")) {
      table.append("<th>").append(Html.text(head)).append("</th>");
    }
    table.append("</tr>\n");
    for (Measurement row : result.of(group)) {
      table.append("<tr>");
      for (String cell : BenchReport.cells(row, result.roof())) {
        table.append("<td>").append(Html.text(cell)).append("</td>");
      }
      table.append("</tr>\n");
    }
    return table.append("</table></div>\n").toString();
  }

  private static String environment(BenchResult result) {
    StringBuilder list = new StringBuilder("<h2>Environment</h2>\n<dl>\n");
    result
        .environment()
        .forEach(
            (name, value) ->
                list.append("<dt>")
                    .append(Html.text(name))
                    .append("</dt><dd>")
                    .append(Html.text(value))
                    .append("</dd>\n"));
    return list.append("</dl>\n").toString();
  }
}
