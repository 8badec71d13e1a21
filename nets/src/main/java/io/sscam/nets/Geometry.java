package io.sscam.nets;

/**
 * Where the network's input lies in the picture that it was made from. Both coordinate systems
 * count pixels from the top left, edges not centres (see {@link Box}); the mapping is one scale and
 * one shift per axis.
 *
 * @param originalWidth pixels across the original picture
 * @param originalHeight pixels down the original picture
 * @param inputWidth W of the network's input
 * @param inputHeight H of the network's input
 * @param covered the rectangle of the original that the input shows, in original pixels
 */
public record Geometry(
    int originalWidth, int originalHeight, int inputWidth, int inputHeight, Box covered) {

  /**
   * Checks that every extent is there.
   *
   * @throws IllegalArgumentException if an extent is below 1 or nothing is covered
   */
  public Geometry {
    if (originalWidth < 1 || originalHeight < 1 || inputWidth < 1 || inputHeight < 1) {
      throw new IllegalArgumentException("a picture and an input have at least one pixel");
    }
    if (!(covered.area() > 0)) {
      throw new IllegalArgumentException("the input covers nothing of the picture");
    }
  }

  /** The input shows the whole picture, stretched. */
  public static Geometry whole(
      int originalWidth, int originalHeight, int inputWidth, int inputHeight) {
    return new Geometry(
        originalWidth,
        originalHeight,
        inputWidth,
        inputHeight,
        new Box(0, 0, originalWidth, originalHeight));
  }

  /** Original x to input x; outside 0 … inputWidth where the input does not reach. */
  public double inputX(double originalX) {
    return (originalX - covered.x0()) * inputWidth / covered.width();
  }

  /** Original y to input y; outside 0 … inputHeight where the input does not reach. */
  public double inputY(double originalY) {
    return (originalY - covered.y0()) * inputHeight / covered.height();
  }

  /** Input x to original x. */
  public double originalX(double inputX) {
    return covered.x0() + inputX * covered.width() / inputWidth;
  }

  /** Input y to original y. */
  public double originalY(double inputY) {
    return covered.y0() + inputY * covered.height() / inputHeight;
  }

  /** A box of the original picture in input pixels, not clipped: parts may lie outside. */
  public Box toInput(Box original) {
    return new Box(
        inputX(original.x0()), inputY(original.y0()), inputX(original.x1()), inputY(original.y1()));
  }

  /** The part of a box of the original picture that the input shows; empty if there is none. */
  public Box toInputClipped(Box original) {
    return new Box(0, 0, inputWidth, inputHeight).intersect(toInput(original));
  }

  /** A box of the input in original pixels. */
  public Box toOriginal(Box input) {
    return new Box(
        originalX(input.x0()), originalY(input.y0()), originalX(input.x1()), originalY(input.y1()));
  }
}
