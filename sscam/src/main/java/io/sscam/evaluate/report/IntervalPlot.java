package io.sscam.evaluate.report;

import io.sscam.metrics.Interval;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Dots with their intervals, one row each: the name and the number are text of the page, and only
 * the track between is drawn, in percent of its size. So nothing overlaps at any width.
 */
final class IntervalPlot {
  private IntervalPlot() {}

  /**
   * One dot.
   *
   * @param value the number beside it
   * @param style {@code base}, {@code method} or {@code control}
   */
  record Dot(String name, Interval interval, String value, String style) {}

  /**
   * A line through all rows.
   *
   * @param style {@code level}, {@code level weak} or {@code zero}
   */
  record Level(double at, String style) {}

  /** Draws the rows and the axis under them. */
  static Html draw(String description, List<Dot> dots, List<Level> levels) {
    Scale scale =
        Scale.around(
            DoubleStream.concat(
                dots.stream()
                    .map(Dot::interval)
                    .flatMapToDouble(i -> DoubleStream.of(i.low(), i.mean(), i.high())),
                levels.stream().mapToDouble(Level::at)));
    Html html = new Html();
    html.add("<div class=\"plot\" role=\"img\" aria-label=\"{}\">", description);
    for (Dot dot : dots) {
      html.add("<div class=\"row {}\"><span class=\"name\">{}</span>", dot.style(), dot.name());
      html.add("<div class=\"track\"><svg aria-hidden=\"true\">");
      lines(html, scale, levels);
      track(html, scale, dot.interval());
      html.add("</svg></div><span class=\"value\">{}</span></div>", dot.value());
    }
    axis(html, scale);
    return html.add("</div>");
  }

  private static void lines(Html html, Scale scale, List<Level> levels) {
    for (double tick : scale.ticks()) {
      vertical(html, "grid", scale.percent(tick));
    }
    for (Level level : levels) {
      vertical(html, level.style(), scale.percent(level.at()));
    }
  }

  private static void vertical(Html html, String style, String at) {
    html.add("<line class=\"{}\" x1=\"{}\" x2=\"{}\" y1=\"0\" y2=\"100%\"/>", style, at, at);
  }

  private static void track(Html html, Scale scale, Interval interval) {
    html.add(
        "<line class=\"range\" x1=\"{}\" x2=\"{}\" y1=\"50%\" y2=\"50%\"/>",
        scale.percent(interval.low()), scale.percent(interval.high()));
    html.add(
        "<circle class=\"dot\" cx=\"{}\" cy=\"50%\" r=\"4.5\"/>", scale.percent(interval.mean()));
  }

  private static void axis(Html html, Scale scale) {
    html.add(
        "<div class=\"row axis\"><span class=\"name\"></span>"
            + "<div class=\"track\"><svg aria-hidden=\"true\">");
    for (double tick : scale.ticks()) {
      html.add("<text x=\"{}\" y=\"14\">{}</text>", scale.percent(tick), scale.label(tick));
    }
    html.add("</svg></div><span class=\"value\"></span></div>");
  }
}
