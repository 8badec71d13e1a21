package io.sscam.bench.measure;

import java.util.List;

/**
 * How well rows repeat from round to round, which are processes. A row alone cannot tell, as it has
 * two or three rounds and these may agree by chance; rows that are alike can together.
 *
 * @param difference between rounds: of a share in points, else as a share of the lower one
 * @param inPoints which of the two
 */
record Repeatability(double difference, boolean inPoints) {
  /** No allowance for other processes. */
  static final Repeatability NONE = new Repeatability(0, false);

  /** So many of the rows repeat at least so well. */
  private static final double SHARE = 0.75;

  /**
   * The distance of a row's highest round from its lowest, by their medians, that {@link #SHARE} of
   * the rows keep to; 0 where no row has two rounds.
   *
   * @param unit of the rows
   * @param rows the runs of every row, a list for each round
   */
  static Repeatability of(String unit, List<List<List<Double>>> rows) {
    boolean inPoints = unit.equals(Measurement.PERCENT);
    double[] differences =
        rows.stream()
            .map(Repeatability::medians)
            .filter(medians -> medians.length > 1)
            .map(Quantiles::new)
            .filter(medians -> inPoints || medians.at(0) > 0)
            .mapToDouble(
                medians ->
                    inPoints ? medians.at(1) - medians.at(0) : medians.at(1) / medians.at(0) - 1)
            .toArray();
    return differences.length == 0
        ? NONE
        : new Repeatability(new Quantiles(differences).at(SHARE), inPoints);
  }

  private static double[] medians(List<List<Double>> rounds) {
    return rounds.stream()
        .filter(runs -> !runs.isEmpty())
        .mapToDouble(runs -> Quantiles.of(runs).median())
        .toArray();
  }

  double below(double median) {
    return inPoints ? median - difference : median / (1 + difference);
  }

  double above(double median) {
    return inPoints ? median + difference : median * (1 + difference);
  }
}
