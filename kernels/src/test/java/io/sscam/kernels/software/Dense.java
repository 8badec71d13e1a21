package io.sscam.kernels.software;

import java.util.SplittableRandom;

/**
 * A tensor (n, c, h, w) in the host's memory as doubles, laid out in a larger buffer with any
 * strides, of float or half.
 */
record Dense(int n, int c, int h, int w, int sn, int sc, int sh, int sw, boolean half) {
  static Dense nchw(int n, int c, int h, int w, boolean half) {
    return new Dense(n, c, h, w, c * h * w, h * w, w, 1, half);
  }

  static Dense nhwc(int n, int c, int h, int w, boolean half) {
    return new Dense(n, c, h, w, c * h * w, 1, w * c, c, half);
  }

  int at(int in, int ic, int ih, int iw) {
    return in * sn + ic * sc + ih * sh + iw * sw;
  }

  /** Elements from the first to the last, gaps included. */
  int extent() {
    return at(n - 1, c - 1, h - 1, w - 1) + 1;
  }

  /** Eighths in [−2, 2]: exact in both types. */
  static float[] values(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextInt(-16, 17) / 8f;
    }
    return values;
  }

  long send(RawDevice device, float[] values) {
    return send(device, values, half);
  }

  static long send(RawDevice device, float[] values, boolean half) {
    return half ? device.put(toHalf(values)) : device.put(values);
  }

  float[] fetch(RawDevice device, long address) {
    return half ? toFloat(device.shorts(address, extent())) : device.floats(address, extent());
  }

  /** For values that a half holds exactly, and NaN. */
  static short[] toHalf(float[] values) {
    short[] out = new short[values.length];
    for (int i = 0; i < values.length; i++) {
      int bits = Float.floatToRawIntBits(values[i]);
      int sign = (bits >>> 16) & 0x8000;
      int exponent = ((bits >>> 23) & 255) - 112;
      boolean zero = values[i] == 0;
      out[i] =
          (short)
              (Float.isNaN(values[i])
                  ? 0x7fff
                  : sign | (zero ? 0 : (exponent << 10) | ((bits >>> 13) & 1023)));
    }
    return out;
  }

  static float[] toFloat(short[] values) {
    float[] out = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      int exponent = (values[i] >>> 10) & 31;
      int mantissa = values[i] & 1023;
      float magnitude;
      if (exponent == 31) {
        magnitude = mantissa == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
      } else {
        magnitude =
            exponent == 0 ? mantissa * 0x1p-24f : Math.scalb(1 + mantissa / 1024f, exponent - 15);
      }
      out[i] = values[i] < 0 ? -magnitude : magnitude;
    }
    return out;
  }
}
