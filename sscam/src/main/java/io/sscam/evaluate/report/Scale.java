package io.sscam.evaluate.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * An axis with round ticks.
 *
 * @param low its left end
 * @param high its right end, above low
 * @param step from tick to tick
 */
record Scale(double low, double high, double step) {
  private static final int STEPS = 4;

  /** The smallest axis with round ends that holds all values. */
  static Scale around(DoubleStream values) {
    double[] all = values.toArray();
    double min = DoubleStream.of(all).min().orElse(0);
    double max = DoubleStream.of(all).max().orElse(1);
    if (!(max > min)) {
      double room = min == 0 ? 1 : Math.abs(min) / 10;
      min -= room;
      max += room;
    }
    double step = round((max - min) / STEPS);
    return new Scale(Math.floor(min / step) * step, Math.ceil(max / step) * step, step);
  }

  /** The next of 1, 2, 5 · 10ⁿ. */
  private static double round(double raw) {
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    double lead = raw / power;
    return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
  }

  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    long first = Math.round(low / step);
    long last = Math.round(high / step);
    for (long i = first; i <= last; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  /** How far right a value lies, 0 to 1. */
  double at(double value) {
    return Math.max(0, Math.min(1, (value - low) / (high - low)));
  }

  /** The same for SVG: {@code 37.5%}. */
  String percent(double value) {
    return Numbers.fixed(100 * at(value), 2) + "%";
  }

  /** A tick's label, with the digits that its step needs. */
  String label(double tick) {
    int digits = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    return Numbers.fixed(tick, digits);
  }
}
