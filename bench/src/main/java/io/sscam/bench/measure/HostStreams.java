package io.sscam.bench.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Copy and triad of STREAM (McCalpin 1995) over the host's memory, in Java like the operations on
 * maps, each thread on a slice of its own. Bytes are counted as there: what is read and what is
 * written, without the reading that a write may cause.
 */
final class HostStreams implements AutoCloseable {
  private static final float FACTOR = 3;

  private final float[] a;
  private final float[] b;
  private final float[] c;
  private final int threads;
  private final ExecutorService pool;

  /**
   * Fills the arrays.
   *
   * @param bytes of each of the three
   */
  HostStreams(int bytes, int threads) {
    int elements = bytes / Float.BYTES;
    this.a = new float[elements];
    this.b = new float[elements];
    this.c = new float[elements];
    this.threads = threads;
    this.pool = Executors.newFixedThreadPool(threads);
    for (int i = 0; i < elements; i++) {
      b[i] = i % 1000;
      c[i] = i % 77;
    }
  }

  /** What one call of {@link #copy} moves. */
  double copyBytes() {
    return 2.0 * a.length * Float.BYTES;
  }

  /** What one call of {@link #triad} moves. */
  double triadBytes() {
    return 3.0 * a.length * Float.BYTES;
  }

  /** a = b. */
  void copy() {
    onSlices((from, to) -> System.arraycopy(b, from, a, from, to - from));
  }

  /** a = b + 3 c. */
  void triad() {
    onSlices(this::triad);
  }

  private void triad(int from, int to) {
    for (int i = from; i < to; i++) {
      a[i] = b[i] + FACTOR * c[i];
    }
  }

  /**
   * Runs both once and compares every element.
   *
   * @throws WrongResultException if one is wrong
   */
  void verify() {
    copy();
    compare(0);
    triad();
    compare(FACTOR);
  }

  private void compare(float factor) {
    for (int i = 0; i < a.length; i++) {
      if (!(a[i] == b[i] + factor * c[i])) {
        throw new WrongResultException("the host's memory test is wrong at element " + i);
      }
    }
  }

  @FunctionalInterface
  private interface Slice {
    void run(int from, int to);
  }

  private void onSlices(Slice work) {
    List<Future<?>> running = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int from = (int) ((long) a.length * t / threads);
      int to = (int) ((long) a.length * (t + 1) / threads);
      running.add(pool.submit(() -> work.run(from, to)));
    }
    try {
      for (Future<?> slice : running) {
        slice.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
