package io.sscam;

import io.sscam.engine.backend.Closing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** What was opened of a classifier and is still open: it has to end before the classifier does. */
final class Parts {

  /** One of them. */
  interface Part {

    /** Whether it, or a part of it, is at work on this thread. */
    boolean holdsThisThread();

    /** Lets nobody use it any more; what is running should end soon. */
    void shut();

    /** Waits for what is running, and frees it. */
    void close();
  }

  /** One that a gate guards. */
  record Gated(Gate gate, Runnable closing) implements Part {
    @Override
    public boolean holdsThisThread() {
      return gate.holdsThisThread();
    }

    @Override
    public void shut() {
      gate.shut();
    }

    @Override
    public void close() {
      closing.run();
    }
  }

  private final Set<Part> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private int opening;
  private boolean closed;

  /**
   * Opens one more.
   *
   * @param part of what was opened
   * @throws IllegalStateException if the classifier is closed; one that is being closed closes this
   *     too
   */
  <T> T open(Supplier<T> opener, Function<T, Part> part) {
    begin();
    List<Part> opened = new ArrayList<>();
    try {
      T made = opener.get();
      opened.add(part.apply(made));
      return made;
    } finally {
      end(opened);
    }
  }

  private synchronized void begin() {
    check();
    opening++;
  }

  private synchronized void end(List<Part> opened) {
    opening--;
    open.addAll(opened);
    notifyAll();
  }

  /**
   * Says so if all were closed.
   *
   * @throws IllegalStateException then
   */
  synchronized void check() {
    if (closed) {
      throw new IllegalStateException("the classifier is closed");
    }
  }

  /** Forgets one that has been freed. */
  synchronized void remove(Part part) {
    open.remove(part);
  }

  /** Whether one of them is at work on this thread. */
  boolean holdThisThread() {
    return list().stream().anyMatch(Part::holdsThisThread);
  }

  /** Lets nobody use any of them any more, nor open one. */
  void shut() {
    synchronized (this) {
      closed = true;
    }
    list().forEach(Part::shut);
  }

  /** Closes all of them, also if closing some fails; nothing can be opened any more. */
  void closeAll() {
    shut();
    synchronized (this) {
      Waiting.until(this, () -> opening == 0);
    }
    List<Part> rest = list();
    rest.forEach(Part::shut); // all stop at once and not one after the other
    Closing.all(rest.stream().map(part -> (Runnable) part::close).toList());
  }

  private synchronized List<Part> list() {
    return new ArrayList<>(open);
  }
}
