package io.sscam.bench.cli;

import java.io.Console;

/** Whether a person is watching. */
final class Terminal {
  private Terminal() {}

  /**
   * Whether input and output are a terminal. Up to Java 21 there is no console otherwise; since 22
   * there may be one, and it must be asked.
   */
  @SuppressWarnings("SystemConsoleNull") // see above
  static boolean interactive() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException beforeJava22) {
      return true;
    }
  }
}
