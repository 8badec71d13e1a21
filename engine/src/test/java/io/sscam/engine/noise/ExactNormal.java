package io.sscam.engine.noise;

/** The definition of z in double precision with StrictMath: the oracle of the tests. */
final class ExactNormal {
  private ExactNormal() {}

  /** z(seed, channel, sample) at one element. */
  static double of(long seed, int channel, int sample, int element) {
    int[] words = Philox4x32.block(element >>> 2, sample, channel, 0, seed);
    int lane = element & 3;
    int radius = (words[lane & 2] >>> 8) + 1;
    int turn = words[(lane & 2) + 1] >>> 8;
    return radius(radius) * ((lane & 1) == 0 ? cosine(turn) : sine(turn));
  }

  /** √(−2 ln u) for u = m·2⁻²⁴. */
  static double radius(int m) {
    return Math.sqrt(-2 * StrictMath.log(m * 0x1p-24));
  }

  /** cos 2πv for v = n·2⁻²⁴. */
  static double cosine(int n) {
    return sine(n + (1 << 22));
  }

  /**
   * sin 2πv for v = n·2⁻²⁴, with the argument reduced to [−π/4, π/4] in integers: π has no exact
   * double, so that the plain formula is wrong beside the zeros of the sine.
   */
  static double sine(int n) {
    int quarter = (n + (1 << 21)) >>> 22;
    double angle = (n - (quarter << 22)) * (Math.PI * 0x1p-23);
    return switch (quarter & 3) {
      case 0 -> StrictMath.sin(angle);
      case 1 -> StrictMath.cos(angle);
      case 2 -> -StrictMath.sin(angle);
      default -> -StrictMath.cos(angle);
    };
  }

  /** The distance from {@code actual} to {@code exact} in ulps of float32 at {@code exact}. */
  static double ulps(float actual, double exact) {
    return Math.abs(actual - exact) / Math.ulp((float) exact);
  }
}
