package io.sscam;

import io.sscam.engine.Shape;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import io.sscam.engine.graph.Window;

/**
 * Which elements of a pool's input make which of its output: windows clipped to the input, or the
 * cells of an adaptive average.
 */
record Cells(Shape in, int rows, int columns, Extent vertical, Extent horizontal) {

  /** The inputs from {@code first} to before {@code end} of output i along one axis. */
  interface Extent {
    int[] of(int i);
  }

  /** An output element, one of its inputs, and that input's share of a mean. */
  interface Visitor {
    void visit(int out, int in, double share);
  }

  static Cells of(Graph graph, Layer layer) {
    Shape in = graph.layers().get(layer.inputs().get(0)).output();
    Shape out = layer.output();
    int rows = out.rank() == 1 ? 1 : out.dim(1);
    int columns = out.rank() == 1 ? 1 : out.dim(2);
    if (layer instanceof Layer.MaxPool2d pool) {
      return new Cells(
          in, rows, columns, window(pool.window(), in.dim(1)), window(pool.window(), in.dim(2)));
    }
    return new Cells(in, rows, columns, cell(in.dim(1), rows), cell(in.dim(2), columns));
  }

  private static Extent window(Window window, int extent) {
    return i -> {
      int first = i * window.stride() - window.padding();
      return new int[] {Math.max(0, first), Math.min(extent, first + window.kernel())};
    };
  }

  private static Extent cell(int extent, int cells) {
    return i -> new int[] {i * extent / cells, ((i + 1) * extent + cells - 1) / cells};
  }

  /** Visits all pairs, outputs in C order and each one's inputs in C order. */
  void forEach(Visitor visitor) {
    for (int c = 0; c < in.dim(0); c++) {
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
          visit(c, row, column, visitor);
        }
      }
    }
  }

  private void visit(int c, int row, int column, Visitor visitor) {
    int[] ys = vertical.of(row);
    int[] xs = horizontal.of(column);
    double share = 1.0 / ((ys[1] - ys[0]) * (xs[1] - xs[0]));
    int out = (c * rows + row) * columns + column;
    for (int y = ys[0]; y < ys[1]; y++) {
      for (int x = xs[0]; x < xs[1]; x++) {
        visitor.visit(out, (c * in.dim(1) + y) * in.dim(2) + x, share);
      }
    }
  }
}
