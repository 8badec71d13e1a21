package io.sscam.bench.measure;

import java.util.List;

/**
 * How well rows repeat from round to round, which are processes. A row alone cannot tell, as it has
 * two or three rounds and these may agree by chance; the rows of a group together can.
 */
final class Repeatability {
  /** So many of the rows repeat at least so well. */
  private static final double SHARE = 0.75;

  private Repeatability() {}

  /**
   * The distance of a row's highest round from its lowest, by their medians, that {@link #SHARE} of
   * the rows keep to, as a share of the lowest; 0 where no row has two rounds.
   *
   * @param rows the runs of every row, a list for each round
   */
  static double of(List<List<List<Double>>> rows) {
    double[] distances =
        rows.stream()
            .map(Repeatability::medians)
            .filter(medians -> medians.length > 1)
            .map(Quantiles::new)
            .mapToDouble(medians -> medians.at(1) / medians.at(0) - 1)
            .filter(Double::isFinite)
            .toArray();
    return distances.length == 0 ? 0 : new Quantiles(distances).at(SHARE);
  }

  private static double[] medians(List<List<Double>> rounds) {
    return rounds.stream()
        .filter(runs -> !runs.isEmpty())
        .mapToDouble(runs -> Quantiles.of(runs).median())
        .toArray();
  }
}
