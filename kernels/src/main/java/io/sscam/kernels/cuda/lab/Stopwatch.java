package io.sscam.kernels.cuda.lab;

import io.sscam.kernels.cuda.driver.CapturedGraph;
import io.sscam.kernels.cuda.driver.CudaEvent;
import io.sscam.kernels.cuda.driver.CudaStream;

/**
 * Times launches by the device's own clock, many recorded as a graph: a kernel may be done sooner
 * than the host can launch the next.
 */
final class Stopwatch implements AutoCloseable {
  private static final double MILLI = 1e-3;
  private static final int MOST_CALLS = 2000;
  private static final int RECORDED = 100;

  private final CudaStream stream;
  private final CudaEvent start = CudaEvent.create(true);
  private final CudaEvent end = CudaEvent.create(true);

  Stopwatch(CudaStream stream) {
    this.stream = stream;
  }

  /** Calls that last so many seconds together, at least one; warms up meanwhile. */
  int calls(Runnable launch, double seconds) {
    seconds(launch, 1);
    double one = seconds(launch, 1);
    return (int) Math.max(1, Math.min(MOST_CALLS, seconds / one));
  }

  /** Seconds of one of some calls in a row. */
  double seconds(Runnable launch, int calls) {
    int together = Math.min(calls, RECORDED);
    if (together == 1) {
      return seconds(launch);
    }
    int rounds = calls / together;
    try (CapturedGraph graph = CapturedGraph.capture(stream, () -> repeat(together, launch))) {
      graph.launch(stream); // the first brings it to the device
      double all = seconds(() -> repeat(rounds, () -> graph.launch(stream)));
      return all / ((long) rounds * together);
    }
  }

  private static void repeat(int times, Runnable work) {
    for (int i = 0; i < times; i++) {
      work.run();
    }
  }

  private double seconds(Runnable work) {
    start.record(stream);
    work.run();
    end.record(stream);
    end.await();
    return Math.max(end.millisSince(start), Float.MIN_NORMAL) * MILLI;
  }

  @Override
  public void close() {
    try (start;
        end) {
      stream.synchronise();
    }
  }
}
