package io.sscam.evaluate;

/** A picture that cannot be explained as asked; the message says why in one line. */
public final class Unusable extends Exception {
  private static final long serialVersionUID = 1;

  Unusable(String reason) {
    super(reason);
  }
}
