package io.sscam.engine.onednn;

import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;

/**
 * Makes native objects that do not end with the plan in whose scope they happen to be made: JavaCPP
 * attaches every new pointer to the innermost scope of the thread.
 */
final class Outliving {
  private Outliving() {}

  /** A pointer that lives until {@code releaseReference} is called on it. */
  static <P extends Pointer> P scopes(Supplier<P> maker) {
    try (PointerScope scope = new PointerScope()) {
      P pointer = maker.get();
      pointer.retainReference();
      scope.detach(pointer);
      return pointer;
    }
  }
}
