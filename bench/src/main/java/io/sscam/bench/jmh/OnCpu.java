package io.sscam.bench.jmh;

import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Backends;
import org.openjdk.jmh.annotations.Param;

/** A benchmark that computes on the CPU backend. */
public abstract class OnCpu extends Timed {
  /** Threads of the backend; 0: one for each core. */
  @Param("0")
  private int threads;

  final Backend open() {
    return Backends.open(
        "cpu", threads == 0 ? Runtime.getRuntime().availableProcessors() : threads);
  }
}
