package io.sscam.nets;

/**
 * A rectangle with real corners, in pixels: pixel (i, j) covers [i, i+1) × [j, j+1), so a box
 * around a whole picture of W×H is (0, 0, W, H).
 *
 * @param x0 left edge
 * @param y0 top edge
 * @param x1 right edge, at least x0
 * @param y1 bottom edge, at least y0
 */
public record Box(double x0, double y0, double x1, double y1) {

  /**
   * Checks the order of the edges.
   *
   * @throws IllegalArgumentException if an edge is not finite or the box is turned inside out
   */
  public Box {
    boolean finite = Double.isFinite(x0 + y0 + x1 + y1);
    if (!finite || x1 < x0 || y1 < y0) {
      throw new IllegalArgumentException(
          "no box has the edges (%s, %s, %s, %s)".formatted(x0, y0, x1, y1));
    }
  }

  public double width() {
    return x1 - x0;
  }

  public double height() {
    return y1 - y0;
  }

  public double area() {
    return width() * height();
  }

  /** The part that both boxes cover; an empty box on this one's edge where they do not meet. */
  public Box intersect(Box other) {
    return new Box(
        clamp(other.x0, x0, x1),
        clamp(other.y0, y0, y1),
        clamp(other.x1, x0, x1),
        clamp(other.y1, y0, y1));
  }

  private static double clamp(double value, double low, double high) {
    return Math.max(low, Math.min(high, value));
  }
}
