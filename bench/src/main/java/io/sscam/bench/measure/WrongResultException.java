package io.sscam.bench.measure;

/** A device computed something wrong, so its speed is of no interest. */
public final class WrongResultException extends RuntimeException {
  private static final long serialVersionUID = 1;

  WrongResultException(String message) {
    super(message + "; nothing is timed: see selftest");
  }

  /**
   * Refuses an error over its budget, and NaN.
   *
   * @param what was computed
   */
  static void check(String what, double error, double budget) {
    if (!(error <= budget)) {
      throw new WrongResultException(
          "%s is wrong by %.1e of its largest value, over the %.0e allowed"
              .formatted(what, error, budget));
    }
  }
}
