package io.sscam.engine.onednn;

import io.sscam.engine.Shape;
import io.sscam.engine.graph.Window;
import java.nio.FloatBuffer;

/**
 * Backward steps of pools on one picture, C H W: oneDNN's max pool wants a forward pass made for
 * training, and its average pool has no uneven cells. Memory-bound, so plain.
 *
 * @param in the pool's input
 * @param rows of its output
 * @param columns of its output
 */
record PoolGradients(Shape in, int rows, int columns) {

  static PoolGradients of(Shape in, Shape out) {
    boolean vector = out.rank() == 1;
    return new PoolGradients(in, vector ? 1 : out.dim(1), vector ? 1 : out.dim(2));
  }

  private int height() {
    return in.dim(1);
  }

  private int width() {
    return in.dim(2);
  }

  private void clear(FloatBuffer floats, int at) {
    for (int e = 0; e < in.elementsAsInt(); e++) {
      floats.put(at + e, 0);
    }
  }

  /**
   * Gives each window's gradient to its first largest element.
   *
   * @param x where the input lies in {@code floats}
   * @param gradient where the gradient by the output lies
   * @param result where the gradient by the input goes
   */
  void max(FloatBuffer floats, Window window, int x, int gradient, int result) {
    clear(floats, result);
    for (int e = 0; e < in.dim(0) * rows * columns; e++) {
      int plane = e / (rows * columns) * height() * width();
      int top = e / columns % rows * window.stride() - window.padding();
      int left = e % columns * window.stride() - window.padding();
      int largest = plane + largest(floats, x + plane, window.kernel(), top, left);
      floats.put(result + largest, floats.get(result + largest) + floats.get(gradient + e));
    }
  }

  /** The first largest element of a window, from the plane's start. */
  private int largest(FloatBuffer floats, int plane, int kernel, int top, int left) {
    int largest = -1;
    float max = Float.NEGATIVE_INFINITY;
    for (int y = Math.max(top, 0); y < Math.min(top + kernel, height()); y++) {
      for (int x = Math.max(left, 0); x < Math.min(left + kernel, width()); x++) {
        float value = floats.get(plane + y * width() + x);
        if (largest < 0 || value > max) {
          largest = y * width() + x;
          max = value;
        }
      }
    }
    return largest;
  }

  /** Gives each cell's gradient to its elements in equal shares; cells may overlap. */
  void average(FloatBuffer floats, int gradient, int result) {
    clear(floats, result);
    for (int e = 0; e < in.dim(0) * rows * columns; e++) {
      int plane = result + e / (rows * columns) * height() * width();
      int i = e / columns % rows;
      int j = e % columns;
      int bottom = UnevenCells.end(i, height(), rows);
      int right = UnevenCells.end(j, width(), columns);
      int top = UnevenCells.start(i, height(), rows);
      int left = UnevenCells.start(j, width(), columns);
      float share = floats.get(gradient + e) / ((bottom - top) * (right - left));
      for (int y = top; y < bottom; y++) {
        for (int x = left; x < right; x++) {
          int at = plane + y * width() + x;
          floats.put(at, floats.get(at) + share);
        }
      }
    }
  }
}
