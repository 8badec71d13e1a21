package io.sscam.engine.cpu;

/**
 * Bilinear upsampling of one map, h×w → H×W, half-pixel centres, edges clamped (PyTorch's {@code
 * align_corners=False}). The positions are worked out once for a pair of sizes.
 */
final class Upsampler {
  private final int height;
  private final int width;
  private final int outHeight;
  private final int outWidth;
  private final Axis rows;
  private final Axis columns;

  /** For each output position the two inputs and the weight of the second. */
  private record Axis(int[] low, int[] high, float[] weight) {
    static Axis of(int in, int out) {
      int[] low = new int[out];
      int[] high = new int[out];
      float[] weight = new float[out];
      double scale = (double) in / out;
      for (int i = 0; i < out; i++) {
        double position = Math.max(0, (i + 0.5) * scale - 0.5);
        low[i] = Math.min((int) position, in - 1);
        high[i] = Math.min(low[i] + 1, in - 1);
        weight[i] = (float) (position - low[i]);
      }
      return new Axis(low, high, weight);
    }
  }

  Upsampler(int height, int width, int outHeight, int outWidth) {
    this.height = height;
    this.width = width;
    this.outHeight = outHeight;
    this.outWidth = outWidth;
    rows = Axis.of(height, outHeight);
    columns = Axis.of(width, outWidth);
  }

  boolean fits(int h, int w, int outH, int outW) {
    return h == height && w == width && outH == outHeight && outW == outWidth;
  }

  /**
   * Writes shift-and-scaled rows: (U(map) − shift) · scale.
   *
   * @param map h×w
   * @param blend scratch of at least w elements
   * @param out H×W
   */
  void run(float[] map, float shift, float scale, float[] blend, float[] out) {
    for (int y = 0; y < outHeight; y++) {
      int low = rows.low[y] * width;
      int high = rows.high[y] * width;
      float weight = rows.weight[y];
      for (int x = 0; x < width; x++) {
        blend[x] = map[low + x] + weight * (map[high + x] - map[low + x]);
      }
      int start = y * outWidth;
      for (int x = 0; x < outWidth; x++) {
        float left = blend[columns.low[x]];
        float value = left + columns.weight[x] * (blend[columns.high[x]] - left);
        out[start + x] = (value - shift) * scale;
      }
    }
  }
}
