package io.sscam.bench.measure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gathers runs. Everything is measured in several rounds, minutes apart, and the runs of all rounds
 * are one sample: so the stated spread holds what the machine does in between, and not only the
 * jitter within a second.
 */
final class Recorder {
  /** What a row is about; the fields of {@link Measurement}. */
  record Row(
      Group group,
      String name,
      String params,
      double bytes,
      double flops,
      long items,
      String unit) {
    /** A row that is timed. */
    static Row timed(
        Group group, String name, String params, double bytes, double flops, long items) {
      return new Row(group, name, params, bytes, flops, items, Measurement.SECONDS);
    }

    /** A row that is not timed. */
    static Row of(Group group, String name, String params, String unit) {
      return new Row(group, name, params, 0, 0, 0, unit);
    }
  }

  private final Map<Row, List<Double>> samples = new LinkedHashMap<>();
  private final Set<String> notes = new LinkedHashSet<>();

  void add(Row row, double... values) {
    List<Double> all = samples.computeIfAbsent(row, r -> new ArrayList<>());
    for (double value : values) {
      all.add(value);
    }
  }

  /** Adds a sentence for the reader, once. */
  void note(String note) {
    notes.add(note);
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  /** All rows, by group and else in the order in which they came. */
  List<Measurement> measurements() {
    List<Measurement> all = new ArrayList<>();
    samples.forEach(
        (row, values) -> all.add(of(row, values.stream().mapToDouble(v -> v).toArray())));
    all.sort(Comparator.comparing(Measurement::group));
    return all;
  }

  private static Measurement of(Row row, double[] values) {
    Quantiles quantiles = new Quantiles(values);
    return new Measurement(
        row.name,
        row.group,
        row.params,
        quantiles.median(),
        quantiles.at(0.1),
        quantiles.at(0.9),
        row.bytes,
        row.flops,
        row.items,
        row.unit);
  }
}
