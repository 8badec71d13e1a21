package io.sscam.evaluate.report;

import io.sscam.evaluate.Measure;
import io.sscam.evaluate.Measure.Better;
import io.sscam.evaluate.Summary;
import io.sscam.evaluate.Summary.Row;
import io.sscam.metrics.Interval;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/** Tables of means: one row a variant, the controls apart below. */
final class Tables {
  private final Summary summary;

  Tables(Summary summary) {
    this.summary = summary;
  }

  /**
   * A table of some measures with their intervals; nothing if none of them was measured.
   *
   * @param caption under the title, already escaped where it holds names
   */
  Optional<Html> of(String title, Html caption, List<Measure> wanted) {
    List<Measure> measures = wanted.stream().filter(summary.measures()::contains).toList();
    if (measures.isEmpty()) {
      return Optional.empty();
    }
    Html html = new Html();
    html.add("<figure class=\"table\"><figcaption><b>{}</b> {}</figcaption>", title, caption);
    html.add(
        "<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">Method</th>");
    for (Measure measure : measures) {
      html.add("<th scope=\"col\" class=\"n\" colspan=\"2\">{}</th>", heading(measure));
    }
    html.add("</tr></thead>");
    body(html, measures, false);
    body(html, measures, true);
    return Optional.of(html.add("</table></div></figure>"));
  }

  private void body(Html html, List<Measure> measures, boolean controls) {
    List<Row> rows =
        summary.rows().stream().filter(row -> row.variant().control() == controls).toList();
    if (rows.isEmpty()) {
      return;
    }
    html.add("<tbody{}>", controls ? new Html().add(" class=\"controls\"") : "");
    for (Row row : rows) {
      html.add("<tr><th scope=\"row\">{}</th>", Names.of(summary, row.variant()));
      for (Measure measure : measures) {
        cells(html, measure, row.mean(measure), best(row, measure));
      }
      html.add("</tr>");
    }
    html.add("</tbody>");
  }

  private static void cells(Html html, Measure measure, Optional<Interval> mean, boolean best) {
    if (mean.isEmpty()) {
      html.add("<td class=\"n\">–</td><td class=\"ci\"></td>");
      return;
    }
    Interval interval = mean.get();
    html.add(
        "<td class=\"{}\">{}</td><td class=\"ci\">{}</td>",
        best ? "n best" : "n",
        Numbers.of(measure, interval.mean()),
        Numbers.range(measure, interval));
  }

  /** Whether no other method, controls aside, has a better mean, and some have a worse one. */
  private boolean best(Row row, Measure measure) {
    if (row.variant().control() || measure.better() == Better.NEITHER) {
      return false;
    }
    int sign = measure.better() == Better.HIGHER ? 1 : -1;
    double mine = sign * row.mean(measure).map(Interval::mean).orElse(Double.NaN);
    double[] all =
        summary.rows().stream()
            .filter(other -> !other.variant().control())
            .flatMap(other -> other.mean(measure).stream())
            .mapToDouble(mean -> sign * mean.mean())
            .toArray();
    return DoubleStream.of(all).allMatch(other -> mine >= other)
        && DoubleStream.of(all).anyMatch(other -> mine > other);
  }

  static String heading(Measure measure) {
    return (measure.title() + " " + measure.unit()).strip() + arrow(measure);
  }

  static String arrow(Measure measure) {
    return switch (measure.better()) {
      case LOWER -> " ↓";
      case HIGHER -> " ↑";
      case NEITHER -> "";
    };
  }
}
