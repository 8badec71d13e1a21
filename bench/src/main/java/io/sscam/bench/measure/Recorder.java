package io.sscam.bench.measure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Gathers runs. Everything is measured in several rounds, minutes apart and in processes of their
 * own, and the runs of all rounds are one sample: so the stated spread holds what the machine does
 * in between, where a process has its memory and how its loops are compiled, and not only the
 * jitter within a second.
 */
public final class Recorder {
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

  /** Runs of each row, a list for each round. */
  private final Map<Row, List<List<Double>>> samples = new LinkedHashMap<>();

  private final Set<String> notes = new LinkedHashSet<>();
  private final Sizes sizes;
  private int round;

  /** Nothing yet. */
  public Recorder() {
    this(Sizes.none(), 0);
  }

  /** No runs yet, but sizes from earlier rounds. */
  Recorder(Sizes sizes, int round) {
    this.sizes = sizes;
    this.round = round;
  }

  Sizes sizes() {
    return sizes;
  }

  /** Runs of each row, a list for each round. */
  Map<Row, List<List<Double>>> samples() {
    return Collections.unmodifiableMap(samples);
  }

  /** What is added from now on belongs to another round. */
  void nextRound() {
    round++;
  }

  int round() {
    return round;
  }

  void add(Row row, double... values) {
    List<List<Double>> rounds = samples.computeIfAbsent(row, r -> new ArrayList<>());
    while (rounds.size() <= round) {
      rounds.add(new ArrayList<>());
    }
    for (double value : values) {
      rounds.get(round).add(value);
    }
  }

  /** Puts all runs of a row so far, a list for each round; the lists are its own from now on. */
  void put(Row row, List<List<Double>> rounds) {
    samples.put(row, rounds);
  }

  /** Adds a sentence for the reader, once. */
  void note(String note) {
    notes.add(note);
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  /**
   * All rows, by group and else in the order in which they came; the spread of each is no less than
   * rows like it differ by from round to round.
   */
  List<Measurement> measurements() {
    return rows(row -> Repeatability.of(row.unit, alike(row)));
  }

  /** The same with the spread of each row's own runs alone. */
  List<Measurement> ownSpreads() {
    return rows(row -> Repeatability.NONE);
  }

  /**
   * The runs of all rows of a row's group and unit, but for predictions, which are no runs, and for
   * what is counted and always the same.
   */
  private List<List<List<Double>>> alike(Row row) {
    return samples.entrySet().stream()
        .filter(other -> other.getKey().group == row.group)
        .filter(other -> other.getKey().unit.equals(row.unit))
        .filter(other -> !Growth.isPrediction(other.getKey().name))
        .map(Map.Entry::getValue)
        .filter(rounds -> !exact(rounds))
        .toList();
  }

  private static boolean exact(List<List<Double>> rounds) {
    return rounds.stream().mapToInt(List::size).sum() > 1
        && rounds.stream().flatMap(List::stream).distinct().count() == 1;
  }

  private List<Measurement> rows(Function<Row, Repeatability> repeatability) {
    List<Measurement> all = new ArrayList<>();
    samples.forEach((row, rounds) -> all.add(of(row, rounds, repeatability.apply(row))));
    all.sort(Comparator.comparing(Measurement::group));
    return all;
  }

  private static Measurement of(Row row, List<List<Double>> rounds, Repeatability repeatability) {
    Quantiles runs = Quantiles.of(rounds.stream().flatMap(List::stream).toList());
    double median = runs.median();
    Repeatability allowance = exact(rounds) ? Repeatability.NONE : repeatability;
    return new Measurement(
        row.name,
        row.group,
        row.params,
        median,
        Math.min(runs.at(0.1), allowance.below(median)),
        Math.max(runs.at(0.9), allowance.above(median)),
        row.bytes,
        row.flops,
        row.items,
        row.unit);
  }
}
