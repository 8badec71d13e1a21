package io.sscam.bench.cli;

import java.io.Console;
import java.io.PrintWriter;

/** Whether a person is watching. */
final class Terminal {
  private Terminal() {}

  /** Tells, at once, what is being done. */
  static void say(PrintWriter err, String step) {
    err.println(step + " …");
    err.flush();
  }

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
