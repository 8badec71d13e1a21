package io.sscam.metrics;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.nets.Box;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Which part of each pixel the union of some boxes covers, exactly: boxes have real edges, and
 * where they overlap the area counts once.
 *
 * @param height H
 * @param width W
 * @param shares 0 to 1, row by row
 */
public record BoxCoverage(int height, int width, double[] shares) {

  /**
   * Covers a grid of pixels.
   *
   * @param boxes in pixels of the grid; what lies outside does not count
   */
  public static BoxCoverage of(List<Box> boxes, int height, int width) {
    Box all = new Box(0, 0, width, height);
    List<Box> inside = boxes.stream().map(all::intersect).filter(box -> box.area() > 0).toList();
    // Between two neighbouring edges of pixels or boxes, a point is covered or not as a whole.
    double[] xs =
        edges(width, inside.stream().flatMapToDouble(b -> DoubleStream.of(b.x0(), b.x1())));
    double[] ys =
        edges(height, inside.stream().flatMapToDouble(b -> DoubleStream.of(b.y0(), b.y1())));
    double[] shares = new double[height * width];
    for (int j = 0; j + 1 < ys.length; j++) {
      double y = (ys[j] + ys[j + 1]) / 2;
      List<Box> row = inside.stream().filter(b -> b.y0() < y && y < b.y1()).toList();
      for (int i = 0; !row.isEmpty() && i + 1 < xs.length; i++) {
        double x = (xs[i] + xs[i + 1]) / 2;
        if (row.stream().anyMatch(b -> b.x0() < x && x < b.x1())) {
          shares[((int) y) * width + ((int) x)] += (xs[i + 1] - xs[i]) * (ys[j + 1] - ys[j]);
        }
      }
    }
    // The parts of a pixel that is covered whole may sum to a little more than 1.
    return new BoxCoverage(
        height, width, Arrays.stream(shares).map(share -> Math.min(1, share)).toArray());
  }

  private static double[] edges(int extent, DoubleStream more) {
    DoubleStream pixels = DoubleStream.iterate(0, edge -> edge <= extent, edge -> edge + 1);
    return DoubleStream.concat(pixels, more).sorted().distinct().toArray();
  }

  /** The share of the grid that is covered: what a uniform map scores in the pointing game. */
  public double area() {
    return Arrays.stream(shares).sum() / shares.length;
  }

  /**
   * Energy-based pointing game (Wang et al., arXiv 1910.01279): the heatmap's sum inside the boxes
   * over its whole sum.
   *
   * @param heatmap (H, W), nothing below 0
   * @return 0 to 1, or NaN for a heatmap of zeros, which points nowhere
   * @throws IllegalArgumentException if the heatmap is not H×W
   */
  public double pointing(HostTensor heatmap) {
    if (!heatmap.shape().equals(Shape.of(height, width))) {
      throw new IllegalArgumentException(
          heatmap.shape() + " is no heatmap of boxes in " + Shape.of(height, width));
    }
    double inside = 0;
    double all = 0;
    for (int e = 0; e < shares.length; e++) {
      inside += shares[e] * heatmap.data()[e];
      all += heatmap.data()[e];
    }
    return all > 0 ? Math.min(1, inside / all) : Double.NaN;
  }
}
