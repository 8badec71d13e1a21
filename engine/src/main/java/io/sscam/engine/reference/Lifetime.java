package io.sscam.engine.reference;

import java.util.concurrent.atomic.AtomicLong;

/** What owns memory: it counts the bytes while open and refuses their use once closed. */
final class Lifetime {
  private final String owner;
  private final AtomicLong live;
  private long held;
  private boolean closed;

  Lifetime(String owner, AtomicLong live) {
    this.owner = owner;
    this.live = live;
  }

  /** Counts bytes until the owner is closed. */
  synchronized void hold(long bytes) {
    check("new memory");
    held += bytes;
    live.addAndGet(bytes);
  }

  /** Throws if the owner is closed, naming what was to be used. */
  synchronized void check(String what) {
    if (closed) {
      throw new IllegalStateException(what + " used after " + owner + " was closed");
    }
  }

  /** Releases all; a second call does nothing. */
  synchronized void close() {
    if (!closed) {
      closed = true;
      live.addAndGet(-held);
    }
  }
}
