package io.sscam.bench.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Two results of one machine side by side. */
public final class BenchComparison {
  /** What must be alike for the times to be comparable. */
  private static final List<String> ALIKE = List.of("device", "hardware", "precision", "threads");

  private static final String FORMAT = "%-24s %-25s %10s %10s %8s  %s";

  private BenchComparison() {}

  /**
   * Refuses results that cannot be compared.
   *
   * @throws IllegalArgumentException naming what is different
   */
  public static void requireAlike(BenchResult old, boolean quick, Map<String, String> environment) {
    for (String fact : ALIKE) {
      String now = environment.getOrDefault(fact, "");
      if (!old.fact(fact).equals(now)) {
        throw new IllegalArgumentException(
            "--compare: the old result is of another %s (\"%s\", now \"%s\"); compare like with like"
                .formatted(fact, old.fact(fact), now));
      }
    }
    if (old.quick() != quick) {
      throw new IllegalArgumentException(
          "--compare: the old result was made %s --quick; do the same now"
              .formatted(old.quick() ? "with" : "without"));
    }
  }

  /** What a change of a row is called. */
  enum Change {
    SAME,
    FASTER,
    SLOWER,
    MORE,
    LESS
  }

  /**
   * A row's change. One within the spread of either run is none; neither is one that goes no
   * further than the machine itself did.
   *
   * @param machine time that it takes now for the same work ÷ time that it took before
   */
  static Change change(Measurement old, Measurement now, double machine) {
    boolean explained = now.timed() && !now.differsFrom(old.times(machine));
    if (!now.differsFrom(old) || explained) {
      return Change.SAME;
    }
    boolean less = now.median() < old.median();
    if (now.timed()) {
      return less ? Change.FASTER : Change.SLOWER;
    }
    return less ? Change.LESS : Change.MORE;
  }

  /** A line for every row of the new result that the old one has too, and a sum. */
  public static List<String> lines(BenchResult old, BenchResult now) {
    List<String> lines = new ArrayList<>();
    lines.add(FORMAT.formatted("compared with before", "", "before", "now", "now ÷", "").strip());
    List<Pair> pairs = pairs(old, now);
    double machine = machine(pairs);
    int changed = 0;
    for (Pair pair : pairs) {
      Change change = change(pair.old, pair.now, machine);
      changed += change == Change.SAME ? 0 : 1;
      lines.add(line(pair.old, pair.now, change));
    }
    lines.add(
        "%d of %d rows changed by more than the spread of both runs and the change of the machine"
            .formatted(changed, pairs.size()));
    lines.add(
        "itself (its ceilings, median now ÷ before: %s)".formatted(BenchReport.number(machine)));
    return lines;
  }

  private record Pair(Measurement old, Measurement now) {}

  private static List<Pair> pairs(BenchResult old, BenchResult now) {
    List<Pair> pairs = new ArrayList<>();
    for (Measurement row : now.measurements()) {
      old.measurements().stream()
          .filter(row::sameRow)
          .findFirst()
          .ifPresent(before -> pairs.add(new Pair(before, row)));
    }
    return pairs;
  }

  /** The ceilings are measured with nothing that this project could make faster or slower. */
  private static double machine(List<Pair> pairs) {
    double[] ratios =
        pairs.stream()
            .filter(pair -> pair.now.group() == Group.CEILINGS && pair.now.timed())
            .mapToDouble(pair -> pair.now.median() / pair.old.median())
            .filter(Double::isFinite)
            .toArray();
    return ratios.length == 0 ? 1 : new Quantiles(ratios).median();
  }

  private static String line(Measurement before, Measurement now, Change change) {
    String mark = change == Change.SAME ? "" : change.name();
    return FORMAT
        .formatted(
            BenchReport.cut(now.name(), 24),
            BenchReport.cut(now.params(), 25),
            BenchReport.quantity(before.median(), before.unit()),
            BenchReport.quantity(now.median(), now.unit()),
            before.median() == 0 ? "" : BenchReport.number(now.median() / before.median()),
            mark)
        .stripTrailing();
  }
}
