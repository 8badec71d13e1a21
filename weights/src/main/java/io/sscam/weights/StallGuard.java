package io.sscam.weights;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Closes a stream on which nothing arrives any more. Java's HTTP client limits only the time up to
 * the headers; a server that falls silent later would hold the reader for ever.
 */
final class StallGuard implements AutoCloseable {
  private final Thread watcher;
  private volatile long lastProgress = System.nanoTime();
  private volatile boolean done;

  StallGuard(InputStream stream, Duration patience) {
    this.watcher = new Thread(() -> watch(stream, patience.toNanos()), "download watch");
    watcher.setDaemon(true);
    watcher.start();
  }

  /** Notes that bytes have come. */
  void progressed() {
    lastProgress = System.nanoTime();
  }

  private void watch(InputStream stream, long patience) {
    while (!done) {
      long left = patience - (System.nanoTime() - lastProgress);
      if (left <= 0) {
        try {
          stream.close();
        } catch (IOException e) {
          // The reader gets its own exception from the closed stream.
        }
        return;
      }
      LockSupport.parkNanos(left);
    }
  }

  @Override
  public void close() {
    done = true;
    LockSupport.unpark(watcher);
  }
}
