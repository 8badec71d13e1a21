package io.sscam.engine.graph;

import io.sscam.engine.Shape;

/**
 * A sliding window, the same along both axes.
 *
 * @param kernel extent in elements
 * @param stride step in elements
 * @param padding elements added on every side
 */
public record Window(int kernel, int stride, int padding) {

  /**
   * Checks the extents.
   *
   * @throws IllegalArgumentException if the kernel or stride is not positive, or the padding is
   *     negative or not smaller than the kernel
   */
  public Window {
    if (kernel < 1 || stride < 1 || padding < 0 || padding >= kernel) {
      throw new IllegalArgumentException(
          "impossible window: kernel " + kernel + ", stride " + stride + ", padding " + padding);
    }
  }

  /** The shape that this window gives on a C H W input, with {@code channels} channels. */
  Shape slide(String layer, Shape input, int channels, boolean ceil) {
    int height = slide(input.dim(1), ceil);
    int width = slide(input.dim(2), ceil);
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "the input is too small: nothing is left of " + input + " after " + layer);
    }
    return Shape.of(channels, height, width);
  }

  /**
   * PyTorch's rule: with ceil, the last window must still start inside the input or its padding.
   */
  private int slide(int extent, boolean ceil) {
    int room = extent + 2 * padding - kernel;
    if (room < 0) {
      return ceil && room > -stride && extent + padding > 0 ? 1 : 0;
    }
    int steps = ceil ? (room + stride - 1) / stride : room / stride;
    if (ceil && steps * stride >= extent + padding) {
      steps--;
    }
    return steps + 1;
  }

  /** The padding at the far end that makes {@code output} windows fit; negative: cut off. */
  public int paddingAfter(int input, int output) {
    return (output - 1) * stride + kernel - input - padding;
  }
}
