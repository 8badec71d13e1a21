package io.sscam.engine.cpu;

import io.sscam.engine.backend.StepTime;
import java.util.List;

/** How a net's pictures are spread over the threads. */
interface NetRunner extends AutoCloseable {

  /** Writes pictures {@code first} … first + count − 1 of the input, on a worker's own thread. */
  @FunctionalInterface
  interface Writer {
    void write(int worker, int first, int count);
  }

  /**
   * Runs the net on pictures that each worker writes itself just before it needs them, while they
   * lie in its caches; no worker waits for another in between.
   */
  void run(int count, Writer writer);

  /** Runs the net once and times each step. */
  List<StepTime> profile();

  @Override
  void close();
}
