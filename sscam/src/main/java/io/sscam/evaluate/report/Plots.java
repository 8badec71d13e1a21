package io.sscam.evaluate.report;

import io.sscam.evaluate.Measure;
import io.sscam.evaluate.Summary;
import io.sscam.evaluate.Summary.Row;
import io.sscam.evaluate.Variant;
import io.sscam.metrics.Interval;
import java.util.ArrayList;
import java.util.List;

/** One plot a measure, all variants in it, with the level of the controls drawn through. */
final class Plots {
  private Plots() {}

  static Html draw(Summary summary) {
    Html html = new Html();
    html.add("<div class=\"cards\">");
    for (Measure measure : summary.measures()) {
      if (measure != Measure.SECONDS) {
        html.add(
            "<figure class=\"card\"><figcaption><b>{}</b> {}</figcaption>{}</figure>",
            (measure.title() + " " + measure.unit()).strip(),
            direction(measure),
            plot(summary, measure));
      }
    }
    return html.add("</div>");
  }

  private static Html plot(Summary summary, Measure measure) {
    List<IntervalPlot.Dot> dots = new ArrayList<>();
    List<IntervalPlot.Level> levels = new ArrayList<>();
    for (Row row : summary.rows()) {
      Interval mean = row.means().get(measure);
      if (mean != null) {
        Variant variant = row.variant();
        dots.add(
            new IntervalPlot.Dot(
                Names.of(summary, variant),
                mean,
                Numbers.of(measure, mean.mean()),
                style(summary, variant)));
        if (variant.control()) {
          boolean strong = variant.method().equals(Variant.MEAN_ACTIVATION);
          levels.add(new IntervalPlot.Level(mean.mean(), strong ? "level" : "level weak"));
        }
      }
    }
    return IntervalPlot.draw(measure.title() + " of every method", dots, levels);
  }

  static String style(Summary summary, Variant variant) {
    if (variant.control()) {
      return "control";
    }
    return variant.equals(summary.settings().base()) ? "base" : "method";
  }

  static String direction(Measure measure) {
    return switch (measure.better()) {
      case LOWER -> "lower is better";
      case HIGHER -> "higher is better";
      case NEITHER -> "";
    };
  }
}
