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
  private volatile boolean shut;
  private boolean claimed;
  private boolean freed;

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
   * @throws IllegalStateException if another thread is inside, or this one already, or it is shut
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
    if (shut) {
      throw new IllegalStateException("the " + what + " is closed");
    }
    if (holdsThisThread()) {
      throw new IllegalStateException(
          "the " + what + " is at work on this thread: a progress listener cannot use it");
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

  /** Whether it is this thread that is inside. */
  synchronized boolean holdsThisThread() {
    return Thread.currentThread().equals(inside);
  }

  /** Lets nobody in any more; who is inside should leave soon. */
  void shut() {
    shut = true;
  }

  boolean isShut() {
    return shut;
  }

  /**
   * Shuts, waits until nobody is inside and frees what stands behind. Whoever else closes returns
   * when that is done.
   *
   * @param free is called once
   * @throws IllegalStateException if this thread is inside: it would wait for itself
   */
  void close(Runnable free) {
    if (holdsThisThread()) {
      throw new IllegalStateException(
          "the " + what + " cannot be closed by the thread on which it is at work: cancel it");
    }
    if (!claim()) {
      return;
    }
    try {
      free.run();
    } finally {
      end();
    }
  }

  /** Whether this call is the one that frees; any other waits here until all is freed. */
  private synchronized boolean claim() {
    shut = true;
    boolean first = !claimed;
    claimed = true;
    Waiting.until(this, () -> first ? inside == null : freed);
    return first;
  }

  private synchronized void end() {
    freed = true;
    notifyAll();
  }
}
