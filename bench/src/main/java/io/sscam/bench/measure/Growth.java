package io.sscam.bench.measure;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether the time of an explanation grows along a straight line: the time of one case is predicted
 * by the line through the others, and both are rows of the result.
 */
final class Growth {
  private static final String PREDICTED = "predicted by other ";

  private final String in;
  private final List<Double> x = new ArrayList<>();
  private final List<Double> seconds = new ArrayList<>();

  /** Of what it grows, such as N. */
  Growth(String in) {
    this.in = in;
  }

  /** A case that the line is laid through. */
  void add(double x, double seconds) {
    this.x.add(x);
    this.seconds.add(seconds);
  }

  /** Records what the line says of a case. */
  void predict(double at, String params, Recorder recorder) {
    double predicted = Line.through(array(x), array(seconds)).at(at);
    recorder.add(Recorder.Row.timed(Group.SSCAM, PREDICTED + in, params, 0, 0, 0), predicted);
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(v -> v).toArray();
  }

  /** Whether a row of this name was not measured but computed from others. */
  static boolean isPrediction(String name) {
    return name.startsWith(PREDICTED);
  }

  /**
   * Whether times and predictions agree, in words.
   *
   * @param rows with the spread of their own runs: both come from the same processes
   */
  static List<String> verdicts(List<Measurement> rows) {
    return rows.stream()
        .filter(row -> isPrediction(row.name()))
        .map(row -> verdict(row, measured(row, rows)))
        .toList();
  }

  private static Measurement measured(Measurement prediction, List<Measurement> rows) {
    return rows.stream()
        .filter(row -> row.name().equals(SscamBench.NAME))
        .filter(row -> row.params().equals(prediction.params()))
        .findFirst()
        .orElseThrow();
  }

  private static String verdict(Measurement prediction, Measurement measured) {
    return "the time of an explanation is %s in %s: %s was predicted as %s, and took %s"
        .formatted(
            measured.differsFrom(prediction) ? "NOT linear" : "linear",
            prediction.name().substring(PREDICTED.length()),
            measured.params(),
            range(prediction),
            range(measured));
  }

  private static String range(Measurement row) {
    return "%s to %s s".formatted(BenchReport.number(row.low()), BenchReport.number(row.high()));
  }
}
