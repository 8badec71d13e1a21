package io.sscam.kernels.cuda.driver;

import java.util.List;

/** Source code that NVRTC refused; the message holds its options and its log. */
public final class KernelCompileException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final String log;

  KernelCompileException(String name, List<String> options, String log) {
    super(name + " does not compile with " + String.join(" ", options) + ":\n" + log.strip());
    this.log = log.strip();
  }

  /** What NVRTC said, line by line. */
  public String log() {
    return log;
  }
}
