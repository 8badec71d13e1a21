package io.sscam.evaluate.report;

import io.sscam.metrics.Interval;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * A mean against a parameter, with intervals. The values of the parameter stand at equal distances,
 * so that their labels never meet.
 */
final class CurvePlot {
  private static final int HEIGHT = 150;
  private static final int PAD = 8;
  private static final int FOOT = 22;

  private CurvePlot() {}

  /**
   * Draws one curve.
   *
   * @param parameter its name, under the axis
   * @param ticks its values
   * @param values the mean at each
   * @param levels drawn across, dashed
   */
  static Html draw(String parameter, List<String> ticks, List<Interval> values, double[] levels) {
    Scale scale =
        Scale.around(
            DoubleStream.concat(
                values.stream().flatMapToDouble(i -> DoubleStream.of(i.low(), i.high())),
                DoubleStream.of(levels)));
    Html html = new Html();
    html.add("<div class=\"curve\" role=\"img\" aria-label=\"by {}\">", parameter);
    html.add("<svg class=\"ylabels\" height=\"{}\" aria-hidden=\"true\">", HEIGHT + FOOT);
    for (double tick : scale.ticks()) {
      html.add("<text x=\"100%\" y=\"{}\">{}</text>", y(scale, tick, 4), scale.label(tick));
    }
    html.add("</svg><svg class=\"area\" height=\"{}\" aria-hidden=\"true\">", HEIGHT + FOOT);
    for (double tick : scale.ticks()) {
      line(html, "grid", "0%", y(scale, tick, 0), "100%", y(scale, tick, 0));
    }
    for (double level : levels) {
      line(html, "level", "0%", y(scale, level, 0), "100%", y(scale, level, 0));
    }
    points(html, scale, values);
    for (int i = 0; i < ticks.size(); i++) {
      html.add("<text x=\"{}\" y=\"{}\">{}</text>", x(i, ticks.size()), HEIGHT + 16, ticks.get(i));
    }
    return html.add("</svg></div><p class=\"axisname\">{}</p>", parameter);
  }

  private static void points(Html html, Scale scale, List<Interval> values) {
    int n = values.size();
    for (int i = 0; i < n; i++) {
      Interval value = values.get(i);
      String x = x(i, n);
      if (i > 0) {
        String before = y(scale, values.get(i - 1).mean(), 0);
        line(html, "curve-line", x(i - 1, n), before, x, y(scale, value.mean(), 0));
      }
      line(html, "range", x, y(scale, value.low(), 0), x, y(scale, value.high(), 0));
    }
    for (int i = 0; i < n; i++) {
      html.add(
          "<circle class=\"dot\" cx=\"{}\" cy=\"{}\" r=\"4\"/>",
          x(i, n),
          y(scale, values.get(i).mean(), 0));
    }
  }

  private static void line(Html html, String style, String x1, String y1, String x2, String y2) {
    html.add("<line class=\"{}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>", style, x1, y1, x2, y2);
  }

  private static String x(int i, int n) {
    return Numbers.fixed(100 * (i + 0.5) / n, 2) + "%";
  }

  private static String y(Scale scale, double value, double shift) {
    return Numbers.fixed(PAD + (1 - scale.at(value)) * (HEIGHT - 2 * PAD) + shift, 2);
  }
}
