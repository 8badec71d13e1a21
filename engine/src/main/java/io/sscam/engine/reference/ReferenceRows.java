package io.sscam.engine.reference;

import io.sscam.engine.Shape;
import io.sscam.engine.graph.Layer;

/**
 * A convolution as rows of its input and rows of its output that a weight joins; the same rows on
 * the way back.
 */
final class ReferenceRows {
  private ReferenceRows() {}

  /** What is done with a pair of rows. */
  @FunctionalInterface
  interface Pair {
    /**
     * The elements {@code input}, input + stride, … and {@code output}, output + 1, …
     *
     * @param tap the index of the weight that joins them
     * @param count how many elements; at least 1
     */
    void row(int tap, int input, int output, int count);
  }

  /**
   * All pairs of rows of an input and an output channel that lie inside both.
   *
   * @param in C H W of the input
   * @param i the input channel
   * @param c the output channel
   */
  static void join(Layer.Conv2d conv, Shape in, int i, int c, Pair pair) {
    int kernel = conv.window().kernel();
    int stride = conv.window().stride();
    int padding = conv.window().padding();
    int rows = conv.output().dim(1);
    int columns = conv.output().dim(2);
    for (int oy = 0; oy < rows; oy++) {
      for (int ky = 0; ky < kernel; ky++) {
        int iy = oy * stride + ky - padding;
        if (iy < 0 || iy >= in.dim(1)) {
          continue; // in the padding: zeros
        }
        for (int kx = 0; kx < kernel; kx++) {
          int shift = kx - padding;
          int from = shift >= 0 ? 0 : (-shift + stride - 1) / stride;
          int to = Math.min(columns, Math.floorDiv(in.dim(2) - 1 - shift, stride) + 1);
          if (from < to) {
            pair.row(
                ((c * in.dim(0) + i) * kernel + ky) * kernel + kx,
                (i * in.dim(1) + iy) * in.dim(2) + shift + from * stride,
                (c * rows + oy) * columns + from,
                to - from);
          }
        }
      }
    }
  }

  /** y[target + n · yStep] += w · x[source + n · xStep] for n = 0 … count − 1. */
  static void add(
      double w, double[] x, int source, int xStep, double[] y, int target, int yStep, int count) {
    if (xStep == 1 && yStep == 1) { // apart, because only this loop becomes vector instructions
      for (int n = 0; n < count; n++) {
        y[target + n] += w * x[source + n];
      }
    } else {
      for (int n = 0; n < count; n++) {
        y[target + n * yStep] += w * x[source + n * xStep];
      }
    }
  }
}
