package io.sscam;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread at a time use what owns buffers on a device. A second one is refused, since it
 * would compute in the first one's buffers; who closes waits for the one inside, since it would
 * free them.
 */
final class Gate {
  private final String what;
  private @Nullable Thread inside;
  private volatile boolean closed;

  /**
   * An open one.
   *
   * @param what stands behind it, for messages
   */
  Gate(String what) {
    this.what = what;
  }

  /**
   * Goes in, works and leaves.
   *
   * @throws IllegalStateException if another thread is inside, or this one already, or it is closed
   */
  <T> T pass(Supplier<T> work) {
    enter();
    try {
      return work.get();
    } finally {
      leave();
    }
  }

  private synchronized void enter() {
    if (closed) {
      throw new IllegalStateException("the " + what + " is closed");
    }
    if (inside != null) {
      throw new IllegalStateException(
          "the %s is at work on thread \"%s\": open one for each thread"
              .formatted(what, inside.getName()));
    }
    inside = Thread.currentThread();
  }

  private synchronized void leave() {
    inside = null;
    notifyAll();
  }

  /** Whether nobody is let in any more; who is inside should leave soon. */
  boolean closed() {
    return closed;
  }

  /**
   * Lets nobody in any more and waits until nobody is inside, also when interrupted.
   *
   * @return whether it was open
   * @throws IllegalStateException if this thread is inside: it would wait for itself
   */
  synchronized boolean close() {
    if (Thread.currentThread().equals(inside)) {
      throw new IllegalStateException(
          "the " + what + " cannot be closed by the thread on which it is at work");
    }
    boolean wasOpen = !closed;
    closed = true;
    boolean interrupted = false;
    while (inside != null) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return wasOpen;
  }
}
