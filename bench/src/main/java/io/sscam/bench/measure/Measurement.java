package io.sscam.bench.measure;

import java.util.List;

/**
 * One row of the results: the median and the spread of repeated runs.
 *
 * @param name what ran
 * @param group where it belongs
 * @param params on what: sizes, batch, threads
 * @param median of all runs, in {@code unit}
 * @param low the 10 % quantile, or what {@link Repeatability} allows if that is less
 * @param high the 90 % quantile, or what it allows if that is more
 * @param bytes that one run must move at least; 0 where that says nothing
 * @param flops floating point operations of one run; 0 where that says nothing
 * @param items pictures or forward passes of one run; 0 where it has none
 * @param unit {@link #SECONDS} a run, {@link #PERCENT} or {@link #BYTES}
 */
public record Measurement(
    String name,
    Group group,
    String params,
    double median,
    double low,
    double high,
    double bytes,
    double flops,
    long items,
    String unit) {
  static final String SECONDS = "s";
  static final String PERCENT = "%";
  static final String BYTES = "B";

  /** The units that there are. */
  static final List<String> UNITS = List.of(SECONDS, PERCENT, BYTES);

  /** Whether it is a duration, of which rates can be made. */
  boolean timed() {
    return unit.equals(SECONDS);
  }

  double bytesPerSecond() {
    return bytes / median;
  }

  double flopsPerSecond() {
    return flops / median;
  }

  double itemsPerSecond() {
    return items / median;
  }

  /** The larger distance of a quantile from the median. */
  double distance() {
    return Math.max(high - median, median - low);
  }

  /** The same as a share of the median. */
  double spread() {
    return median == 0 ? 0 : distance() / Math.abs(median);
  }

  /** Whether two spreads have nothing in common; NaN never overlaps. */
  boolean differsFrom(Measurement other) {
    return !(low <= other.high && other.low <= high);
  }

  /** The same on a machine that takes so many times as long. */
  Measurement times(double factor) {
    return new Measurement(
        name,
        group,
        params,
        median * factor,
        low * factor,
        high * factor,
        bytes,
        flops,
        items,
        unit);
  }

  /** Whether both are the same row of two runs. */
  boolean sameRow(Measurement other) {
    return group == other.group && name.equals(other.name) && params.equals(other.params);
  }
}
