package io.sscam.bench.peers;

import io.sscam.bench.peers.Results.ExplanationTime;
import io.sscam.bench.peers.Results.ForwardTime;
import io.sscam.bench.peers.Results.MaskTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The figures of several programs as the tables of docs/performance.md, in Markdown. */
final class Tables {
  private static final String OURS = OurNet.ENGINE;
  private static final String NONE = "–";

  private Tables() {}

  /** One line a program: where and with what it measured. */
  static List<String> environments(List<Results> all) {
    return all.stream()
        .map(
            results ->
                results.environment().entrySet().stream()
                    .map(fact -> fact.getKey() + ": " + fact.getValue())
                    .collect(Collectors.joining("; ", "- " + results.program() + " – ", "")))
        .toList();
  }

  /** All tables for which there is a row, an empty line between them. */
  static List<String> of(List<Results> all) {
    List<ForwardTime> forward = all.stream().flatMap(r -> r.forward().stream()).toList();
    List<MarkdownTable> tables =
        List.of(
            inTurns(forward),
            best(forward),
            masks(all.stream().flatMap(r -> r.masks().stream()).toList()),
            explanations(all.stream().flatMap(r -> r.explanations().stream()).toList()));
    List<String> lines = new ArrayList<>();
    for (MarkdownTable table : tables) {
      if (!table.isEmpty()) {
        if (!lines.isEmpty()) {
          lines.add("");
        }
        lines.addAll(table.lines());
      }
    }
    return lines;
  }

  /** Only what was measured in turns with ours; a cell is milliseconds and its ratio to ours. */
  private static MarkdownTable inTurns(List<ForwardTime> all) {
    List<ForwardTime> times = all.stream().filter(time -> time.ratio() != null).toList();
    Set<String> engines = new LinkedHashSet<>();
    Map<String, List<ForwardTime>> rows = new LinkedHashMap<>();
    for (ForwardTime time : times) {
      if (!time.engine().equals(OURS)) {
        engines.add(time.engine());
      }
      rows.computeIfAbsent(time.net() + " " + time.batch(), key -> new ArrayList<>()).add(time);
    }
    List<String> head = new ArrayList<>(List.of("net", "batch", OURS + ", ms"));
    engines.forEach(engine -> head.add(engine + " (÷ ours)"));
    MarkdownTable table = new MarkdownTable(1, head);
    for (List<ForwardTime> row : rows.values()) {
      ForwardTime any = row.get(0);
      List<String> cells = new ArrayList<>(List.of(any.net(), String.valueOf(any.batch())));
      cells.add(of(row, OURS).map(time -> text("%.2f", time.milliseconds())).orElse(NONE));
      for (String engine : engines) {
        cells.add(of(row, engine).map(Tables::besideOurs).orElse(NONE));
      }
      table.add(cells);
    }
    return table;
  }

  private static String besideOurs(ForwardTime time) {
    Double ratio = time.ratio();
    return text("%.2f", time.milliseconds()) + (ratio == null ? "" : text(" (%.2f)", ratio));
  }

  private static Optional<ForwardTime> of(List<ForwardTime> row, String engine) {
    return row.stream().filter(time -> time.engine().equals(engine)).findFirst();
  }

  /** Every engine at its best batch, beside ours at our best on the same device. */
  private static MarkdownTable best(List<ForwardTime> all) {
    Map<List<String>, ForwardTime> best = new LinkedHashMap<>();
    for (ForwardTime time : all) {
      best.merge(
          List.of(time.net(), time.device(), time.engine()),
          time,
          (a, b) -> a.milliseconds() <= b.milliseconds() ? a : b);
    }
    MarkdownTable table =
        new MarkdownTable(
            3,
            List.of("net", "device", "engine", "best batch", "ms a picture", "÷ ours", "logits ±"));
    best.values().stream()
        .sorted(
            Comparator.comparing(ForwardTime::net)
                .thenComparing(ForwardTime::device)
                .thenComparingDouble(ForwardTime::milliseconds))
        .forEach(
            time -> {
              ForwardTime ours = best.get(List.of(time.net(), time.device(), OURS));
              Double error = time.error();
              table.add(
                  List.of(
                      time.net(),
                      time.device(),
                      time.engine(),
                      String.valueOf(time.batch()),
                      text("%.2f", time.milliseconds()),
                      ours == null ? NONE : text("%.2f", time.milliseconds() / ours.milliseconds()),
                      error == null ? NONE : text("%.0e", error)));
            });
    return table;
  }

  private static MarkdownTable masks(List<MaskTime> times) {
    MarkdownTable table =
        new MarkdownTable(
            1, List.of("net", "batch", "scored mask, ms", "bare, ms", "ratio", "CPU ratio"));
    for (MaskTime time : times) {
      table.add(
          List.of(
              time.net(),
              String.valueOf(time.batch()),
              text("%.2f", time.milliseconds()),
              text("%.2f", time.bareMilliseconds()),
              text("%.3f", time.ratio()),
              text("%.3f", time.cpuRatio())));
    }
    return table;
  }

  /** Each beside ours of the same net, method, N, device and precision. */
  private static MarkdownTable explanations(List<ExplanationTime> times) {
    MarkdownTable table =
        new MarkdownTable(
            4,
            List.of(
                "net",
                "method",
                "device",
                "implementation",
                "batch",
                "passes",
                "seconds",
                "ms a pass",
                "÷ ours"));
    List<ExplanationTime> sorted =
        times.stream()
            .sorted(
                Comparator.comparing(ExplanationTime::net)
                    .thenComparing(Tables::method)
                    .thenComparing(Tables::place)
                    .thenComparingDouble(ExplanationTime::seconds))
            .toList();
    for (ExplanationTime time : sorted) {
      table.add(
          List.of(
              time.net(),
              method(time),
              place(time),
              time.implementation(),
              String.valueOf(time.batch()),
              String.valueOf(time.passes()),
              text("%.2f", time.seconds()),
              text("%.2f", time.seconds() * 1000 / time.passes()),
              times.stream()
                  .filter(other -> other.implementation().equals(OURS) && comparable(time, other))
                  .findFirst()
                  .map(ours -> text("%.2f", time.seconds() / ours.seconds()))
                  .orElse(NONE)));
    }
    return table;
  }

  private static boolean comparable(ExplanationTime time, ExplanationTime ours) {
    return time.net().equals(ours.net())
        && method(time).equals(method(ours))
        && place(time).equals(place(ours));
  }

  private static String method(ExplanationTime time) {
    return time.method() + ", N = " + time.samples();
  }

  private static String place(ExplanationTime time) {
    return time.device() + " " + time.precision();
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
