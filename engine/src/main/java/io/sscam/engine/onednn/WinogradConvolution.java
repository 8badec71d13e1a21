package io.sscam.engine.onednn;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.dnnl.stream;
import org.jspecify.annotations.Nullable;

/**
 * A 3×3 convolution by {@link Winograd}, some rows of tiles at a time: their inputs are transformed
 * in the Java heap, oneDNN multiplies the matrices, and the products are transformed back.
 */
final class WinogradConvolution implements NetPlan.Step {

  /**
   * The rows of tiles of a batch.
   *
   * @param pictures of the batch
   * @param down rows of tiles in a picture
   * @param across tiles in a row
   * @param together rows that are multiplied at once
   * @param padding of the convolution
   */
  record Tiling(int pictures, int down, int across, int together, int padding) {
    int rows() {
      return pictures * down;
    }

    /** Tiles multiplied at once. */
    int tiles() {
      return together * across;
    }
  }

  /** The matrices of all 36 products: (36, tiles, channels). */
  record Matrices(FloatBuffer floats, int start, int tiles, int channels) {
    private int index(int product, int tile) {
      return start + (product * tiles + tile) * channels;
    }
  }

  /** What becomes of a sum: the bias (repeated for a row of tiles), a residual, the ReLU. */
  record Finish(float[] bias, @Nullable ChannelsLast residual, boolean relu) {}

  private final Tiling tiling;
  private final int height;
  private final int width;
  private final int outHeight;
  private final int outWidth;
  private final ChannelsLast source;
  private final ChannelsLast target;
  private final Matrices inputs;
  private final Matrices products;
  private final NetPlan.Step multiply;
  private final Finish finish;
  private final WinogradScratch scratch;

  /**
   * Binds a convolution.
   *
   * @param in (H, W) of a picture
   * @param out (H, W) of its result
   * @param multiply inputs times filters into products
   */
  WinogradConvolution(
      Tiling tiling,
      List<Integer> in,
      List<Integer> out,
      ChannelsLast source,
      ChannelsLast target,
      Matrices inputs,
      Matrices products,
      NetPlan.Step multiply,
      Finish finish,
      WinogradScratch scratch) {
    this.tiling = tiling;
    this.height = in.get(0);
    this.width = in.get(1);
    this.outHeight = out.get(0);
    this.outWidth = out.get(1);
    this.source = source;
    this.target = target;
    this.inputs = inputs;
    this.products = products;
    this.multiply = multiply;
    this.finish = finish;
    this.scratch = scratch;
    // One tile more than a row has: its first two columns are the last tile's columns 4 and 5.
    scratch.fit((tiling.across + 1) * Math.max(source.channels(), target.channels()));
  }

  @Override
  public void run(stream stream) {
    for (int first = 0; first < tiling.rows(); first += tiling.together) {
      int count = Math.min(tiling.together, tiling.rows() - first);
      for (int i = 0; i < count; i++) {
        int row = first + i;
        load(row / tiling.down, row % tiling.down, i > 0);
        transformInputs(i * tiling.across);
      }
      multiply.run(stream);
      for (int i = 0; i < count; i++) {
        int row = first + i;
        transformProducts(i * tiling.across);
        store(row / tiling.down, row % tiling.down);
      }
    }
  }

  /** Reads the six rows under a row of tiles; two of them are the last two of the row above. */
  private void load(int picture, int down, boolean follows) {
    int known = follows && down > 0 ? Winograd.WINDOW - Winograd.TILE : 0;
    for (float[][] rows : scratch.inputs) {
      for (int r = 0; r < known; r++) {
        float[] above = rows[r + Winograd.TILE];
        rows[r + Winograd.TILE] = rows[r];
        rows[r] = above;
      }
    }
    for (int r = known; r < Winograd.WINDOW; r++) {
      loadRow(picture, down * Winograd.TILE + r - tiling.padding, r);
    }
  }

  private void loadRow(int picture, int y, int r) {
    int channels = source.channels();
    for (int t = 0; t <= tiling.across; t++) {
      int columns = t < tiling.across ? Winograd.TILE : Winograd.WINDOW - Winograd.TILE;
      for (int p = 0; p < columns; p++) {
        int x = t * Winograd.TILE + p - tiling.padding;
        float[] into = scratch.inputs[p][r];
        if (y >= 0 && y < height && x >= 0 && x < width) {
          source.read(picture, y, x, into, t * channels);
        } else {
          Arrays.fill(into, t * channels, (t + 1) * channels, 0);
        }
      }
    }
  }

  private void transformInputs(int firstTile) {
    int channels = source.channels();
    int row = tiling.across * channels;
    float[][] columns = scratch.columns;
    float[] result = scratch.rows[0];
    for (int i = 0; i < Winograd.WINDOW; i++) {
      for (int p = 0; p < Winograd.TILE; p++) {
        int next = p + Winograd.TILE;
        boolean shared = next < Winograd.WINDOW; // with the tile to the left
        WinogradLoops.input(i, scratch.inputs[p], columns[p], shared ? row + channels : row);
        if (shared) {
          System.arraycopy(columns[p], channels, columns[next], 0, row);
        }
      }
      for (int j = 0; j < Winograd.WINDOW; j++) {
        WinogradLoops.input(j, columns, result, row);
        int product = i * Winograd.WINDOW + j;
        inputs.floats.put(inputs.index(product, firstTile), result, 0, row);
      }
    }
  }

  private void transformProducts(int firstTile) {
    int row = tiling.across * target.channels();
    float[][] column = scratch.columns;
    for (int j = 0; j < Winograd.WINDOW; j++) {
      for (int i = 0; i < Winograd.WINDOW; i++) {
        int product = i * Winograd.WINDOW + j;
        products.floats.get(products.index(product, firstTile), column[i], 0, row);
      }
      for (int i = 0; i < Winograd.TILE; i++) {
        WinogradLoops.output(i, column, scratch.products[i][j], row);
      }
    }
  }

  private void store(int picture, int down) {
    int channels = target.channels();
    int row = tiling.across * channels;
    float[] result = scratch.rows[0];
    for (int i = 0; i < Math.min(Winograd.TILE, outHeight - down * Winograd.TILE); i++) {
      int y = down * Winograd.TILE + i;
      for (int p = 0; p < Math.min(Winograd.TILE, outWidth); p++) {
        WinogradLoops.output(p, scratch.products[i], result, row);
        WinogradLoops.add(finish.bias, result, row);
        if (finish.residual != null) {
          addResidual(finish.residual, picture, y, p, result);
        }
        if (finish.relu) {
          WinogradLoops.relu(result, row);
        }
        for (int x = p; x < outWidth; x += Winograd.TILE) {
          target.write(picture, y, x, result, x / Winograd.TILE * channels);
        }
      }
    }
  }

  private void addResidual(ChannelsLast residual, int picture, int y, int p, float[] result) {
    int channels = target.channels();
    float[] values = scratch.rows[1];
    int n = 0;
    for (int x = p; x < outWidth; x += Winograd.TILE) {
      residual.read(picture, y, x, values, n);
      n += channels;
    }
    WinogradLoops.add(values, result, n);
  }
}
