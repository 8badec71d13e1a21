package io.sscam;

/** A value in the net is NaN or infinite, so that no map can be made; the message names where. */
public final class NonFiniteException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final String where;

  private NonFiniteException(String where, String mend) {
    super(where + " holds NaN or infinity, so no map can be made: " + mend);
    this.where = where;
  }

  NonFiniteException(String where) {
    this(where, "check the weights and the input");
  }

  /** The same of a net in float16, where strong noise or large weights are enough. */
  NonFiniteException inFloat16() {
    return new NonFiniteException(where, "float16 ends at 65504, try precision fp32 or tf32");
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
