package io.sscam.engine.onednn;

import java.nio.FloatBuffer;

/**
 * Adaptive average pooling on N C H W, for extents that do not divide: output i averages rows
 * ⌊i·H/h⌋ to ⌈(i+1)·H/h⌉ − 1. Rare (VGG-16 away from 224×224), so plain.
 */
final class UnevenCells {
  private final int planes;
  private final int inHeight;
  private final int inWidth;
  private final int outHeight;
  private final int outWidth;

  UnevenCells(long[] in, long[] out) {
    planes = (int) (in[0] * in[1]);
    inHeight = (int) in[2];
    inWidth = (int) in[3];
    outHeight = (int) out[2];
    outWidth = (int) out[3];
  }

  void average(FloatBuffer floats, int read, int write) {
    for (int plane = 0; plane < planes; plane++) {
      int source = read + plane * inHeight * inWidth;
      for (int y = 0; y < outHeight; y++) {
        int top = start(y, inHeight, outHeight);
        int bottom = end(y, inHeight, outHeight);
        for (int x = 0; x < outWidth; x++) {
          int left = start(x, inWidth, outWidth);
          int right = end(x, inWidth, outWidth);
          floats.put(write++, mean(floats, source, top, bottom, left, right));
        }
      }
    }
  }

  private float mean(FloatBuffer floats, int source, int top, int bottom, int left, int right) {
    double sum = 0;
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        sum += floats.get(source + y * inWidth + x);
      }
    }
    return (float) (sum / ((bottom - top) * (right - left)));
  }

  static int start(int cell, int in, int out) {
    return (int) ((long) cell * in / out);
  }

  /** One past the cell: rounded up. */
  static int end(int cell, int in, int out) {
    return (int) (((long) (cell + 1) * in + out - 1) / out);
  }
}
