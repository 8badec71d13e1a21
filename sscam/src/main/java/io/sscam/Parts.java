package io.sscam;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What was opened of a classifier and is still open: it has to end before the classifier does. */
final class Parts {
  /** How each is closed. */
  private final IdentityHashMap<Object, Runnable> open = new IdentityHashMap<>();

  private boolean closed;

  /**
   * Opens one more.
   *
   * @param closing what is to be done if it is still open at the end
   * @throws IllegalStateException if all were closed
   */
  synchronized <T> T open(Supplier<T> opening, Consumer<T> closing) {
    if (closed) {
      throw new IllegalStateException("the classifier is closed");
    }
    T part = opening.get();
    open.put(part, () -> closing.accept(part));
    return part;
  }

  /** Forgets one that has ended by itself. */
  synchronized void remove(Object part) {
    open.remove(part);
  }

  /**
   * Closes all that are open; nothing can be opened any more.
   *
   * @throws IllegalStateException if one of them is at work on this thread and so stays open; the
   *     others are closed
   */
  void closeAll() {
    List<RuntimeException> failures = new ArrayList<>();
    for (Runnable close : end()) {
      try {
        close.run();
      } catch (RuntimeException e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      throw failures.get(0);
    }
  }

  private synchronized List<Runnable> end() {
    closed = true;
    return new ArrayList<>(open.values());
  }
}
