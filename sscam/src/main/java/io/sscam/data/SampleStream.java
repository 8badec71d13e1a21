package io.sscam.data;

import io.sscam.nets.RgbImage;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Samples with their pictures, decoded ahead of the reader by a thread of its own; at most a few
 * pictures wait. In order, for one thread. Close it to stop early.
 */
public final class SampleStream implements Iterator<SampleStream.Decoded>, AutoCloseable {
  private static final int AHEAD = 4;

  /** A sample and its picture, or why it has none. */
  public sealed interface Decoded {
    Sample sample();
  }

  /** A picture. */
  public record Picture(Sample sample, RgbImage image) implements Decoded {}

  /**
   * A picture that cannot be read.
   *
   * @param reason in one line
   */
  public record Unreadable(Sample sample, String reason) implements Decoded {

    /** Makes the reason one line. */
    public Unreadable {
      reason = OneLine.of(reason);
    }
  }

  private final Iterator<Sample> samples;
  private final Deque<Future<Decoded>> waiting = new ArrayDeque<>();
  private final ExecutorService decoder;

  /** Starts to decode. */
  public SampleStream(List<Sample> samples) {
    this.samples = samples.iterator();
    this.decoder =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "sscam-decode");
              thread.setDaemon(true);
              return thread;
            });
    fill();
  }

  private void fill() {
    while (waiting.size() < AHEAD && samples.hasNext()) {
      Sample sample = samples.next();
      waiting.addLast(decoder.submit(() -> decode(sample)));
    }
  }

  private static Decoded decode(Sample sample) {
    try {
      return new Picture(sample, sample.picture().read());
    } catch (IOException e) {
      return new Unreadable(sample, Objects.requireNonNullElse(e.getMessage(), e.toString()));
    }
  }

  @Override
  public boolean hasNext() {
    return !waiting.isEmpty();
  }

  /**
   * The next sample, waiting for its picture.
   *
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  @Override
  public Decoded next() {
    Future<Decoded> first = waiting.pollFirst();
    if (first == null) {
      throw new NoSuchElementException("no sample is left");
    }
    fill();
    try {
      return first.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.util.concurrent.CancellationException("interrupted while decoding");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException("a decoder failed", e.getCause());
    }
  }

  @Override
  public void close() {
    waiting.forEach(future -> future.cancel(true));
    waiting.clear();
    decoder.shutdownNow();
  }
}
