package io.sscam.evaluate.report;

import io.sscam.evaluate.Measure;
import io.sscam.evaluate.RunSettings;
import io.sscam.evaluate.Summary;
import io.sscam.evaluate.Summary.Row;
import io.sscam.evaluate.Variant;
import io.sscam.metrics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One row a variant (RFC 4180): its options, what it ran on, so that the rows of several runs can
 * stand in one table, then mean, low, high and n of every measure.
 */
final class ReportCsv {
  private static final String END = "\r\n";

  private ReportCsv() {}

  /**
   * The table.
   *
   * @param times whether the seconds, which come last, are wanted
   */
  static String write(Summary summary, boolean times) {
    List<Measure> measures =
        List.of(Measure.values()).stream()
            .filter(measure -> times || measure != Measure.SECONDS)
            .toList();
    List<String> head =
        new ArrayList<>(
            List.of("id", "title", "method", "preset", "sigma", "samples", "top-channels"));
    head.addAll(List.of("seed", "control"));
    head.addAll(List.of("data", "split", "network", "layer", "precision", "device"));
    head.addAll(List.of("explained", "blank", "forward-passes"));
    for (Measure measure : measures) {
      for (String part : List.of("mean", "low", "high", "n")) {
        head.add(measure.id() + "-" + part);
      }
    }
    StringBuilder text = new StringBuilder(line(head));
    summary.rows().forEach(row -> text.append(line(cells(summary, row, measures))));
    return text.toString();
  }

  private static List<String> cells(Summary summary, Row row, List<Measure> measures) {
    Variant v = row.variant();
    List<String> cells = new ArrayList<>(List.of(v.id(), v.title(), v.method()));
    cells.add(text(v.preset()));
    cells.add(text(v.sigma()));
    cells.add(text(v.samples()));
    cells.add(text(v.topChannels()));
    cells.add(Long.toString(v.seed()));
    cells.add(Boolean.toString(v.control()));
    RunSettings settings = summary.settings();
    cells.add(settings.data().name());
    cells.add(text(settings.data().split()));
    RunSettings.Model model = settings.model();
    cells.addAll(List.of(model.network(), model.layer(), model.precision(), model.device()));
    cells.add(Integer.toString(summary.explained()));
    cells.add(Integer.toString(row.blank()));
    cells.add(Long.toString(row.forwardPasses()));
    for (Measure measure : measures) {
      Interval mean = row.means().get(measure);
      cells.addAll(
          mean == null
              ? List.of("", "", "", "0")
              : List.of(
                  Double.toString(mean.mean()),
                  Double.toString(mean.low()),
                  Double.toString(mean.high()),
                  Integer.toString(mean.n())));
    }
    return cells;
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }

  private static String line(List<String> cells) {
    return cells.stream().map(ReportCsv::cell).collect(Collectors.joining(",")) + END;
  }

  private static String cell(String text) {
    boolean plain = text.chars().noneMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
