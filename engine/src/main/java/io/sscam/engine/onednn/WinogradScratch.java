package io.sscam.engine.onednn;

/** Arrays of one row of tiles, shared by all Winograd convolutions of a plan. */
final class WinogradScratch {
  /** Inputs by column of the tile (0 to 3; the next tile has 4 and 5) and by row. */
  final float[][][] inputs = new float[Winograd.TILE][Winograd.WINDOW][0];

  /** One transformed row, by column of the tile. */
  final float[][] columns = new float[Winograd.WINDOW][0];

  /** Products transformed along the rows: by row of the outputs and column. */
  final float[][][] products = new float[Winograd.TILE][Winograd.WINDOW][0];

  /** A finished row and the residual that is added to it. */
  final float[][] rows = new float[2][0];

  /** Makes room for rows of {@code size} elements. */
  void fit(int size) {
    fit(columns, size);
    fit(rows, size);
    for (int i = 0; i < Winograd.TILE; i++) {
      fit(inputs[i], size);
      fit(products[i], size);
    }
  }

  private static void fit(float[][] arrays, int size) {
    for (int i = 0; i < arrays.length; i++) {
      if (arrays[i].length < size) {
        arrays[i] = new float[size];
      }
    }
  }
}
