package io.sscam;

import java.util.function.BooleanSupplier;

/** Waits for what other threads do, also when interrupted: memory is freed next. */
final class Waiting {
  private Waiting() {}

  /**
   * Waits.
   *
   * @param monitor that this thread holds and that is notified of every change
   */
  static void until(Object monitor, BooleanSupplier condition) {
    boolean interrupted = false;
    while (!condition.getAsBoolean()) {
      try {
        monitor.wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
