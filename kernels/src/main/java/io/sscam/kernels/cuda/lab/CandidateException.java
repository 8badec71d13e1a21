package io.sscam.kernels.cuda.lab;

/**
 * A candidate that cannot be read or compiled, has another signature, faults or computes something
 * wrong. The message is one line; a compiler's log may go with it.
 */
public final class CandidateException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final String log;

  CandidateException(String message) {
    this(message, "");
  }

  CandidateException(String message, String log) {
    super(message);
    this.log = log;
  }

  /** What the compiler said, line by line; empty if that was nothing. */
  public String log() {
    return log;
  }
}
