package io.sscam.weights;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer, taken piece by piece by the thread that asked. Java's own input stream for
 * bodies swallows interrupts and waits for a silent server for ever; this one does neither. At most
 * one piece is held back, the network waits for the disk.
 */
final class BodyReader implements HttpResponse.BodySubscriber<BodyReader>, AutoCloseable {

  /** What the client reports: bytes, or the end, with an error if there was one. */
  private record Event(List<ByteBuffer> bytes, boolean last, @Nullable Throwable error) {}

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private Flow.@Nullable Subscription subscription;
  private boolean closed;

  @Override
  public CompletionStage<BodyReader> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public synchronized void onSubscribe(Flow.Subscription given) {
    subscription = given;
    if (closed) {
      given.cancel();
    } else {
      given.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> bytes) {
    events.add(new Event(bytes, false, null));
  }

  @Override
  public void onError(Throwable error) {
    events.add(new Event(List.of(), true, error));
  }

  @Override
  public void onComplete() {
    events.add(new Event(List.of(), true, null));
  }

  /**
   * The next bytes, or null at the end.
   *
   * @throws IOException if the connection breaks, or nothing comes for that long
   * @throws InterruptedException if the thread is interrupted
   */
  @Nullable List<ByteBuffer> next(Duration patience) throws IOException, InterruptedException {
    Event event = events.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (event == null) {
      throw new IOException("nothing came for " + patience.toSeconds() + " seconds");
    }
    if (event.error() != null) {
      throw new IOException(event.error().toString(), event.error());
    }
    if (event.last()) {
      return null;
    }
    requestNext();
    return event.bytes();
  }

  private synchronized void requestNext() {
    if (subscription != null) {
      subscription.request(1);
    }
  }

  /** Drops the rest, and the connection with it if there is any. */
  @Override
  public synchronized void close() {
    closed = true;
    if (subscription != null) {
      subscription.cancel();
    }
  }
}
