package io.sscam.engine.backend;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Frees what belongs together although freeing some of it may fail. */
public final class Closing {
  private Closing() {}

  /** Runs all; the first failure is thrown when all have run, the others attached to it. */
  public static void all(List<Runnable> closes) {
    @Nullable RuntimeException first = null;
    for (Runnable close : closes) {
      try {
        close.run();
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
