package io.sscam.weights;

import java.nio.ByteBuffer;

/**
 * Conversions between float32 and the smaller and larger floating types of weight files. JDK 17 has
 * no conversion of half floats of its own.
 */
final class Floats {
  private static final int INFINITY_BITS = 0x7F80_0000;

  private Floats() {}

  /** The float32 of the same value as an IEEE 754 binary16; exact, a NaN keeps its payload. */
  static float fromHalf(short half) {
    int magnitude = (half & 0x7FFF) << 13;
    // Read as float32 the exponent is too small by 112, for subnormal halves as well: one multiply
    // by 2^112 sets both right, and only infinity and NaN (now at or above 2^16) need another step.
    float value = Float.intBitsToFloat(magnitude) * 0x1p112f;
    int bits = value >= 0x1p16f ? magnitude | INFINITY_BITS : Float.floatToRawIntBits(value);
    return Float.intBitsToFloat(bits | ((half & 0x8000) << 16));
  }

  /** The nearest binary16, ties to even; beyond 65504 (by half a step) infinity. */
  static short toHalf(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    int magnitude = bits & 0x7FFF_FFFF;
    if (magnitude > INFINITY_BITS) {
      return (short) (sign | 0x7E00 | ((magnitude >>> 13) & 0x3FF));
    }
    if (magnitude >= 0x477F_F000) {
      return (short) (sign | 0x7C00);
    }
    if (magnitude < 0x3880_0000) {
      // One unit in the last place of 0.5f is 2^-24, the step of subnormal halves: the addition
      // rounds for us.
      float shifted = Float.intBitsToFloat(magnitude) + 0.5f;
      return (short) (sign | (Float.floatToRawIntBits(shifted) - 0x3F00_0000));
    }
    int odd = (magnitude >>> 13) & 1;
    return (short) (sign | ((magnitude - 0x3800_0000 + 0xFFF + odd) >>> 13));
  }

  /** The float32 whose upper half is the given bfloat16; exact. */
  static float fromBfloat16(short value) {
    return Float.intBitsToFloat(value << 16);
  }

  /**
   * Reads {@code count} elements of a floating type.
   *
   * @param from little endian, positioned at the first element
   */
  static void decode(DType dtype, ByteBuffer from, float[] into, int at, int count) {
    switch (dtype) {
      case F32 -> from.asFloatBuffer().get(into, at, count);
      case F16 -> {
        short[] halves = new short[count];
        from.asShortBuffer().get(halves);
        for (int i = 0; i < count; i++) {
          into[at + i] = fromHalf(halves[i]);
        }
      }
      case BF16 -> {
        short[] halves = new short[count];
        from.asShortBuffer().get(halves);
        for (int i = 0; i < count; i++) {
          into[at + i] = fromBfloat16(halves[i]);
        }
      }
      case F64 -> {
        var doubles = from.asDoubleBuffer();
        for (int i = 0; i < count; i++) {
          into[at + i] = (float) doubles.get(i);
        }
      }
      default -> throw new IllegalArgumentException(dtype + " is not a floating type");
    }
  }
}
