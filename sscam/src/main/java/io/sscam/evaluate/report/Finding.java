package io.sscam.evaluate.report;

import io.sscam.evaluate.Measure;
import io.sscam.evaluate.Measure.Better;
import io.sscam.evaluate.RunSettings;
import io.sscam.evaluate.Summary;
import io.sscam.evaluate.Summary.Difference;
import io.sscam.evaluate.Variant;
import io.sscam.metrics.Interval;
import java.util.Optional;

/** The report in one sentence: the base against the mean of the activations. */
final class Finding {
  private Finding() {}

  static String of(Summary summary) {
    RunSettings settings = summary.settings();
    Variant base = settings.base();
    Measure measure =
        summary.measures().contains(Measure.POINTING) ? Measure.POINTING : Measure.AVERAGE_DROP;
    Optional<Interval> mean = summary.row(base).mean(measure);
    if (mean.isEmpty()) {
      return "No picture is explained yet.";
    }
    String value = Numbers.of(measure, mean.get().mean()) + " %";
    String does =
        measure == Measure.POINTING
            ? "puts " + value + " of its map’s energy inside the objects’ boxes"
            : "loses " + value + " of the class’s probability when only what it shows is kept";
    return "On %s pictures, %s %s%s."
        .formatted(
            Numbers.count(mean.get().n()),
            Names.of(summary, base),
            does,
            comparison(summary, base, measure).orElse(""));
  }

  private static Optional<String> comparison(Summary summary, Variant base, Measure measure) {
    return summary.differences().stream()
        .filter(d -> d.measure() == measure && d.variant().equals(base))
        .filter(d -> d.against().method().equals(Variant.MEAN_ACTIVATION))
        .findFirst()
        .map(Finding::sentence);
  }

  private static String sentence(Difference d) {
    double mean = d.difference().mean();
    String points = Numbers.of(d.measure(), Math.abs(mean));
    String interval = "95 % interval " + Numbers.signedRange(d.measure(), d.difference());
    if (!d.clear()) {
      return "; the plain mean of the activations does as well, as far as these pictures tell ("
          + interval
          + ")";
    }
    boolean better = (mean > 0) == (d.measure().better() == Better.HIGHER);
    return ", %s points %s than the plain mean of the activations (%s; %s)"
        .formatted(points, mean > 0 ? "more" : "less", better ? "better" : "worse", interval);
  }
}
