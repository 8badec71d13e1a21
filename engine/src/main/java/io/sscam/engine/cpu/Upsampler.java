package io.sscam.engine.cpu;

/**
 * Bilinear upsampling of one map, h×w → H×W, half-pixel centres, edges clamped (PyTorch's {@code
 * align_corners=False}). The positions are worked out once for a pair of sizes. Holds its scratch,
 * so it is not thread-safe: one instance per thread.
 *
 * <p>Each row of the map is stretched once; an output row is a blend of two stretched rows, in a
 * line of its own, since C2 of JDK 17 vectorises only loops whose arrays all begin at one index.
 */
final class Upsampler {
  private final int height;
  private final int width;
  private final int outHeight;
  private final int outWidth;
  private final Axis rows;
  private final Axis columns;
  private final float[] line;
  private float[] lower;
  private float[] upper;

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
    line = new float[outWidth];
    lower = new float[outWidth];
    upper = new float[outWidth];
  }

  boolean fits(int h, int w, int outH, int outW) {
    return h == height && w == width && outH == outHeight && outW == outWidth;
  }

  /**
   * Writes shift-and-scaled rows: (U(map) − shift) · scale.
   *
   * @param map h×w
   * @param out H×W
   */
  void run(float[] map, float shift, float scale, float[] out) {
    int stretched = 0;
    stretch(map, 0, upper);
    for (int y = 0; y < outHeight; y++) {
      // upper is the stretched row `stretched` of the map, lower the one before
      for (; stretched < rows.high[y]; stretched++) {
        float[] free = lower;
        lower = upper;
        upper = free;
        stretch(map, stretched + 1, upper);
      }
      float[] low = rows.low[y] == stretched ? upper : lower;
      blend(low, upper, rows.weight[y], shift, scale, line);
      System.arraycopy(line, 0, out, y * outWidth, outWidth);
    }
  }

  private void stretch(float[] map, int row, float[] out) {
    int start = row * width;
    for (int x = 0; x < outWidth; x++) {
      float left = map[start + columns.low[x]];
      out[x] = left + columns.weight[x] * (map[start + columns.high[x]] - left);
    }
  }

  private static void blend(
      float[] lower, float[] upper, float weight, float shift, float scale, float[] out) {
    for (int x = 0; x < out.length; x++) {
      out[x] = (lower[x] + weight * (upper[x] - lower[x]) - shift) * scale;
    }
  }
}
