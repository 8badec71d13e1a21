package io.sscam.bench.cli;

import io.sscam.evaluate.Measure;
import io.sscam.evaluate.Results;
import io.sscam.evaluate.Summary;
import io.sscam.metrics.Interval;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The means of an evaluation as a table for a terminal of 100 columns. */
final class SummaryTable {
  private static final int NAME = 34;
  private static final int COLUMN = 11;
  private static final int MOST = 6;
  private static final int WIDTH = 100;
  private static final int REASONS = 5;

  private SummaryTable() {}

  static String of(Results results) {
    Summary summary = Summary.of(results);
    List<Measure> measures =
        summary.measures().stream()
            .filter(measure -> measure != Measure.SECONDS)
            .limit(MOST)
            .toList();
    StringBuilder text = new StringBuilder();
    text.append(
        "%d picture%s explained, %d classified correctly, %d skipped%n"
            .formatted(
                summary.explained(),
                summary.explained() == 1 ? "" : "s",
                summary.correct(),
                summary.skipped().size()));
    text.append(reasons(summary.reasons()));
    if (summary.explained() == 0) {
      return text.toString();
    }
    text.append(" ".repeat(NAME));
    measures.forEach(measure -> text.append(right(shortTitle(measure))));
    text.append(System.lineSeparator());
    for (Summary.Row row : summary.rows()) {
      String name = summary.label(row.variant());
      text.append(
          String.format("%-" + NAME + "s", name.length() < NAME ? name : name.substring(0, NAME)));
      for (Measure measure : measures) {
        text.append(right(row.mean(measure).map(i -> cell(measure, i)).orElse("-")));
      }
      text.append(System.lineSeparator());
    }
    return text.toString();
  }

  /** The most frequent; many name their file, so there may be as many as pictures. */
  private static String reasons(Map<String, Integer> counts) {
    StringBuilder text = new StringBuilder();
    counts.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(REASONS)
        .forEach(each -> text.append(fitting("  " + each.getValue() + ": " + each.getKey())));
    int more = counts.size() - REASONS;
    return text + (more > 0 ? fitting("  … and " + more + " more reasons in the report") : "");
  }

  private static String fitting(String line) {
    return (line.length() > WIDTH ? line.substring(0, WIDTH - 1) + "…" : line)
        + System.lineSeparator();
  }

  private static String shortTitle(Measure measure) {
    return switch (measure) {
      case AVERAGE_DROP -> "Drop %";
      case AVERAGE_INCREASE -> "Increase %";
      case POINTING -> "Point. %";
      case POINTING_CORRECT -> "correct %";
      case DELETION -> "Deletion";
      case INSERTION -> "Insertion";
      case ADCC -> "ADCC %";
      case EFFECTIVE_CHANNELS -> "Channels";
      case SECONDS -> "Seconds";
    };
  }

  private static String cell(Measure measure, Interval interval) {
    boolean share = measure == Measure.DELETION || measure == Measure.INSERTION;
    return String.format(Locale.ROOT, share ? "%.3f" : "%.1f", interval.mean());
  }

  private static String right(String text) {
    return String.format("%" + COLUMN + "s", text);
  }
}
