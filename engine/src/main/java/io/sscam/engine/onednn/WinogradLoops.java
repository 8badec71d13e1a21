package io.sscam.engine.onednn;

/**
 * The one-dimensional transforms of {@link Winograd} on arrays of many tiles and channels.
 *
 * <p>Each loop writes one array, and all its arrays start at element 0: only such loops become
 * vector code in the compiler of JDK 17.
 */
final class WinogradLoops {
  private WinogradLoops() {}

  /** Row {@code i} of Bᵀ d: v ← Bᵀ[i] · (d[0] … d[5]). */
  static void input(int i, float[][] d, float[] v, int n) {
    switch (i) {
      case 0 -> edge(d[0], d[2], d[4], v, n);
      case 1 -> sum(d[1], d[2], d[3], d[4], v, n);
      case 2 -> difference(d[1], d[2], d[3], d[4], v, n);
      case 3 -> doubled(d[1], d[2], d[3], d[4], 2, v, n);
      case 4 -> doubled(d[1], d[2], d[3], d[4], -2, v, n);
      case 5 -> edge(d[1], d[3], d[5], v, n);
      default -> throw new IllegalArgumentException("no row " + i);
    }
  }

  private static void edge(float[] a, float[] b, float[] c, float[] v, int n) {
    for (int k = 0; k < n; k++) {
      v[k] = 4 * a[k] - 5 * b[k] + c[k];
    }
  }

  private static void sum(float[] d1, float[] d2, float[] d3, float[] d4, float[] v, int n) {
    for (int k = 0; k < n; k++) {
      v[k] = (d4[k] - 4 * d2[k]) + (d3[k] - 4 * d1[k]);
    }
  }

  private static void difference(float[] d1, float[] d2, float[] d3, float[] d4, float[] v, int n) {
    for (int k = 0; k < n; k++) {
      v[k] = (d4[k] - 4 * d2[k]) - (d3[k] - 4 * d1[k]);
    }
  }

  private static void doubled(
      float[] d1, float[] d2, float[] d3, float[] d4, float factor, float[] v, int n) {
    for (int k = 0; k < n; k++) {
      v[k] = (d4[k] - d2[k]) + factor * (d3[k] - d1[k]);
    }
  }

  /** Row {@code i} of Aᵀ m: y ← Aᵀ[i] · (m[0] … m[5]). */
  static void output(int i, float[][] m, float[] y, int n) {
    switch (i) {
      case 0 -> first(m[0], m[1], m[2], m[3], m[4], y, n);
      case 1 -> odd(m[1], m[2], m[3], m[4], y, n);
      case 2 -> even(m[1], m[2], m[3], m[4], y, n);
      case 3 -> last(m[1], m[2], m[3], m[4], m[5], y, n);
      default -> throw new IllegalArgumentException("no row " + i);
    }
  }

  private static void first(
      float[] m0, float[] m1, float[] m2, float[] m3, float[] m4, float[] y, int n) {
    for (int k = 0; k < n; k++) {
      y[k] = m0[k] + (m1[k] + m2[k]) + (m3[k] + m4[k]);
    }
  }

  private static void odd(float[] m1, float[] m2, float[] m3, float[] m4, float[] y, int n) {
    for (int k = 0; k < n; k++) {
      y[k] = (m1[k] - m2[k]) + 2 * (m3[k] - m4[k]);
    }
  }

  private static void even(float[] m1, float[] m2, float[] m3, float[] m4, float[] y, int n) {
    for (int k = 0; k < n; k++) {
      y[k] = (m1[k] + m2[k]) + 4 * (m3[k] + m4[k]);
    }
  }

  private static void last(
      float[] m1, float[] m2, float[] m3, float[] m4, float[] m5, float[] y, int n) {
    for (int k = 0; k < n; k++) {
      y[k] = (m1[k] - m2[k]) + 8 * (m3[k] - m4[k]) + m5[k];
    }
  }

  /** y ← y + x. */
  static void add(float[] x, float[] y, int n) {
    for (int k = 0; k < n; k++) {
      y[k] += x[k];
    }
  }

  /** y ← max(y, 0); a NaN stays one. */
  static void relu(float[] y, int n) {
    for (int k = 0; k < n; k++) {
      y[k] = Math.max(y[k], 0f);
    }
  }
}
