package io.sscam.engine.contract;

import java.math.BigInteger;

/** SPEC.md's formulas on plain arrays, in double: the oracle of the CAM operations. */
final class Formulas {
  private static final BigInteger WORD = BigInteger.ONE.shiftLeft(32);

  private Formulas() {}

  /**
   * U of one map. PyTorch's order of the same arithmetic: the centre before the edge is pulled to
   * 0, the neighbour behind the last row or column is the last one itself.
   */
  static double[] upsample(float[] maps, int k, Extent x) {
    double[] out = new double[x.height() * x.width()];
    for (int oy = 0; oy < x.height(); oy++) {
      double sy = Math.max(0, (oy + 0.5) * ((double) x.h() / x.height()) - 0.5);
      int y0 = Math.min((int) Math.floor(sy), x.h() - 1);
      int y1 = y0 < x.h() - 1 ? y0 + 1 : y0;
      for (int ox = 0; ox < x.width(); ox++) {
        double sx = Math.max(0, (ox + 0.5) * ((double) x.w() / x.width()) - 0.5);
        int x0 = Math.min((int) Math.floor(sx), x.w() - 1);
        int x1 = x0 < x.w() - 1 ? x0 + 1 : x0;
        double fy = sy - y0;
        double fx = sx - x0;
        out[oy * x.width() + ox] =
            (1 - fy) * (1 - fx) * at(maps, k, y0, x0, x)
                + (1 - fy) * fx * at(maps, k, y0, x1, x)
                + fy * (1 - fx) * at(maps, k, y1, x0, x)
                + fy * fx * at(maps, k, y1, x1, x);
      }
    }
    return out;
  }

  private static double at(float[] maps, int k, int y, int column, Extent x) {
    return maps[(k * x.h() + y) * x.w() + column];
  }

  /** Minimum and maximum. */
  static double[] range(double[] values) {
    double[] range = {values[0], values[0]};
    for (double v : values) {
      range[0] = v < range[0] ? v : range[0];
      range[1] = v > range[1] ? v : range[1];
    }
    return range;
  }

  /** M_k = (U(A_k) − shift) · scale. */
  static double[] mask(float[] maps, int k, float[] affine, Extent x) {
    double[] mask = upsample(maps, k, x);
    for (int e = 0; e < mask.length; e++) {
      mask[e] = (mask[e] - affine[3 * k]) * affine[3 * k + 1];
    }
    return mask;
  }

  /** z_e(seed, k, i), Philox in arbitrary precision so that no overflow can hide. */
  static double normal(long seed, int k, int i, long element) {
    long[] c = {element >> 2, i, k, 0};
    long[] key = {seed & 0xFFFFFFFFL, seed >>> 32};
    for (int round = 0; round < 10; round++) {
      BigInteger[] left = product(0xD2511F53L, c[0]);
      BigInteger[] right = product(0xCD9E8D57L, c[2]);
      long[] next = {
        right[0].longValue() ^ c[1] ^ key[0],
        right[1].longValue(),
        left[0].longValue() ^ c[3] ^ key[1],
        left[1].longValue()
      };
      c = next;
      key[0] = (key[0] + 0x9E3779B9L) % (1L << 32);
      key[1] = (key[1] + 0xBB67AE85L) % (1L << 32);
    }
    boolean first = (element & 2) == 0;
    long upper = c[first ? 0 : 2] / 256; // the 24 high bits
    long lower = c[first ? 1 : 3] / 256;
    double u = (upper + 1) / 16777216.0;
    double v = lower / 16777216.0;
    double rho = Math.sqrt(-2 * Math.log(u));
    double angle = 2 * Math.PI * v;
    return (element & 1) == 0 ? rho * Math.cos(angle) : rho * Math.sin(angle);
  }

  /** High and low word. */
  private static BigInteger[] product(long a, long b) {
    return BigInteger.valueOf(a).multiply(BigInteger.valueOf(b)).divideAndRemainder(WORD);
  }

  /** e^v over its sum. */
  static double[] softmax(float[] row) {
    double max = range(doubles(row))[1];
    double sum = 0;
    for (float v : row) {
      sum += Math.exp(v - max);
    }
    double[] out = new double[row.length];
    for (int e = 0; e < row.length; e++) {
      out[e] = Math.exp(row[e] - max) / sum;
    }
    return out;
  }

  static double[] doubles(float[] values) {
    double[] out = new double[values.length];
    for (int e = 0; e < values.length; e++) {
      out[e] = values[e];
    }
    return out;
  }
}
