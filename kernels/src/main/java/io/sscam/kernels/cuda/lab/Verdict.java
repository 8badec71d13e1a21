package io.sscam.kernels.cuda.lab;

import java.util.Locale;

/** Compares what a kernel wrote with what is right. */
final class Verdict {
  private Verdict() {}

  /**
   * Finds the first mistake.
   *
   * @param words the output as bits, between its two zones of sentinels
   * @param expected the output that is right
   * @param tolerance of an element, relative to the largest finite one expected
   * @return the mistake in words; empty if there is none
   */
  static String of(int[] words, float[] expected, double tolerance) {
    int zone = Experiment.ZONE;
    int end = words.length - zone;
    for (int i = 0; i < words.length; i++) {
      if ((i < zone || i >= end) && words[i] != Experiment.SENTINEL) {
        return i < zone
            ? "it writes %d elements before its output".formatted(zone - i)
            : "it writes %d elements behind its output's last".formatted(i - end + 1);
      }
    }
    double allowed = tolerance * largest(expected);
    for (int i = 0; i < expected.length; i++) {
      if (words[zone + i] == Experiment.SENTINEL) {
        return String.format(
            Locale.ROOT, "element %d is left unwritten, expected %s", i, expected[i]);
      }
      float found = Float.intBitsToFloat(words[zone + i]);
      boolean bothNan = Float.isNaN(found) && Float.isNaN(expected[i]);
      if (!bothNan && !(Math.abs((double) found - expected[i]) <= allowed)) {
        return String.format(
            Locale.ROOT,
            "element %d is %s, expected %s (± %.1e allowed)",
            i,
            found,
            expected[i],
            allowed);
      }
    }
    return "";
  }

  private static double largest(float[] values) {
    double largest = 0;
    for (float value : values) {
      if (Float.isFinite(value)) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    return largest;
  }
}
