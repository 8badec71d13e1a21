package io.sscam.bench.measure;

import java.util.List;
import java.util.Locale;

/**
 * A drawing with two logarithmic axes, as an SVG element. Its colours are classes and variables of
 * the page's style sheet.
 */
final class Plot {
  private static final double WIDTH = 480;
  private static final double HEIGHT = 330;
  private static final double LEFT = 52;
  private static final double RIGHT = 24;
  private static final double TOP = 14;
  private static final double BOTTOM = 44;

  private final StringBuilder svg = new StringBuilder();
  private final double[] x;
  private final double[] y;

  /**
   * Draws the axes.
   *
   * @param title for readers who do not see the drawing
   * @param xs all abscissas that will be drawn, positive; the axis reaches over them
   * @param ys all ordinates
   */
  Plot(String title, String xLabel, String yLabel, List<Double> xs, List<Double> ys) {
    this.x = decades(xs);
    this.y = decades(ys);
    svg.append("<svg viewBox=\"0 0 480 330\" role=\"img\" aria-label=\"")
        .append(Html.text(title))
        .append("\">\n");
    for (double e = x[0]; e <= x[1]; e++) {
      grid(px(Math.pow(10, e)), TOP, px(Math.pow(10, e)), HEIGHT - BOTTOM);
      label(px(Math.pow(10, e)), HEIGHT - BOTTOM + 16, "middle", power(e));
    }
    for (double e = y[0]; e <= y[1]; e++) {
      grid(LEFT, py(Math.pow(10, e)), WIDTH - RIGHT, py(Math.pow(10, e)));
      label(LEFT - 6, py(Math.pow(10, e)) + 4, "end", power(e));
    }
    label((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "middle", xLabel);
    svg.append(
        format(
            "<text x=\"14\" y=\"%.1f\" text-anchor=\"middle\" transform=\"rotate(-90 14 %.1f)\">%s"
                + "</text>\n",
            (TOP + HEIGHT - BOTTOM) / 2, (TOP + HEIGHT - BOTTOM) / 2, Html.text(yLabel)));
  }

  /** The exponents of the powers of ten around all values, at least one apart. */
  static double[] decades(List<Double> values) {
    double least = values.stream().mapToDouble(v -> v).min().orElse(1);
    double most = values.stream().mapToDouble(v -> v).max().orElse(10);
    double low = Math.floor(Math.log10(least));
    return new double[] {low, Math.max(low + 1, Math.ceil(Math.log10(most)))};
  }

  /** The least abscissa of the axis. */
  double left() {
    return Math.pow(10, x[0]);
  }

  /** The largest. */
  double right() {
    return Math.pow(10, x[1]);
  }

  /** The least ordinate. */
  double bottom() {
    return Math.pow(10, y[0]);
  }

  private double px(double value) {
    return LEFT + (Math.log10(value) - x[0]) / (x[1] - x[0]) * (WIDTH - LEFT - RIGHT);
  }

  private double py(double value) {
    return HEIGHT - BOTTOM - (Math.log10(value) - y[0]) / (y[1] - y[0]) * (HEIGHT - BOTTOM - TOP);
  }

  private static String power(double exponent) {
    return Math.abs(exponent) > 4
        ? format("1e%.0f", exponent)
        : format("%." + (int) Math.max(0, -exponent) + "f", Math.pow(10, exponent));
  }

  private void grid(double x1, double y1, double x2, double y2) {
    svg.append(
        format(
            "<line class=\"grid\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
            x1, y1, x2, y2));
  }

  private void label(double px, double py, String anchor, String text) {
    svg.append(
        format(
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
            px, py, anchor, Html.text(text)));
  }

  /** A polyline of a style class. */
  void line(String style, double[] xs, double[] ys) {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < xs.length; i++) {
      points.append(format("%.1f,%.1f ", px(xs[i]), py(ys[i])));
    }
    svg.append(
        format("<polyline class=\"%s\" points=\"%s\"/>\n", style, points.toString().strip()));
  }

  /** A point of a style class; the text shows when it is pointed at. */
  void point(String style, double atX, double atY, String text) {
    svg.append(
        format(
            "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"><title>%s</title></circle>\n",
            style, px(atX), py(atY), Html.text(text)));
  }

  String end() {
    return svg + "</svg>\n";
  }

  private static String format(String format, Object... args) {
    return String.format(Locale.ROOT, format, args);
  }
}
