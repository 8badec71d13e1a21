package io.sscam;

/** A value in the net is NaN or infinite, so that no map can be made; the message names where. */
public final class NonFiniteException extends RuntimeException {
  private static final long serialVersionUID = 1;

  NonFiniteException(String where) {
    super(
        "NaN or infinity in "
            + where
            + ", so no map can be made: check the weights and the input; in float16, which ends at"
            + " 65504, try precision fp32 or tf32");
  }

  static void check(String where, float[] values) {
    if (!finite(values)) {
      throw new NonFiniteException(where);
    }
  }

  static boolean finite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
