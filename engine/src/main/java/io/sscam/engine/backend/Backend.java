package io.sscam.engine.backend;

import io.sscam.engine.TensorSource;
import io.sscam.engine.graph.Graph;
import java.util.Set;

/**
 * One device. Every backend implements the whole contract: there is no optional operation and no
 * fallback to another device. A backend may be shared by threads; what it opens may not.
 */
public interface Backend extends AutoCloseable {

  Device device();

  /** What nets compute in on this device. */
  Set<Precision> precisions();

  /**
   * Refuses a precision in which nets do not compute here.
   *
   * @throws IllegalArgumentException naming those that are there, and where this one is
   */
  default void require(Precision precision) {
    precision.requireOneOf(device().id(), precisions());
  }

  /**
   * Brings a net's weights to the device. They are read from {@code weights} one at a time, during
   * the call or when the first executable is compiled, so the source must stay open as long as the
   * model.
   *
   * @throws IllegalArgumentException if nets do not compute in that precision here
   */
  Model load(Graph graph, TensorSource weights, Precision precision);

  /** Pictures a run that suit the device and the memory that is free now; at least 1. */
  int suggestedBatch(Model model);

  /** Opens an ordered queue of work, to be used by one thread at a time. */
  Session openSession();

  /** Bytes of device memory held by open arenas, models and executables. */
  long liveBytes();

  /** Ends the backend; models and sessions must have been closed before. */
  @Override
  void close();

  /** A net with its weights on a device. May be shared by threads and sessions. */
  interface Model extends AutoCloseable {
    Graph graph();

    Precision precision();

    @Override
    void close();
  }
}
