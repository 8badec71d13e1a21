package io.sscam.bench.measure;

/** The straight line of least squares through points. */
record Line(double intercept, double slope) {

  /**
   * Fits.
   *
   * @param x at least two different values
   * @param y as many values
   * @throws IllegalArgumentException if all x are the same or the counts differ
   */
  static Line through(double[] x, double[] y) {
    if (x.length != y.length) {
      throw new IllegalArgumentException(x.length + " abscissas but " + y.length + " ordinates");
    }
    double meanX = mean(x);
    double meanY = mean(y);
    double xx = 0;
    double xy = 0;
    for (int i = 0; i < x.length; i++) {
      xx += (x[i] - meanX) * (x[i] - meanX);
      xy += (x[i] - meanX) * (y[i] - meanY);
    }
    if (!(xx > 0)) {
      throw new IllegalArgumentException("no line through points of one abscissa");
    }
    double slope = xy / xx;
    return new Line(meanY - slope * meanX, slope);
  }

  double at(double x) {
    return intercept + slope * x;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
