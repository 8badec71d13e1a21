package io.sscam.bench.measure;

import io.sscam.engine.backend.Session;

/**
 * Times calls on a session by its {@linkplain Session#seconds own clock}: after a warm-up, blocks
 * of as many calls as make the clock and the wait for the device negligible.
 */
final class Timer {
  private static final double NANO = 1e-9;

  private final Effort effort;

  Timer(Effort effort) {
    this.effort = effort;
  }

  /** Seconds of one call, once a block. */
  double[] time(Session session, Runnable call) {
    long calls = warmUp(session, call);
    double[] seconds = new double[effort.blocks()];
    for (int b = 0; b < seconds.length; b++) {
      seconds[b] = block(session, call, calls) / calls;
    }
    return seconds;
  }

  /** Repeats the call until it is warm; gives the calls that fill a block. */
  private long warmUp(Session session, Runnable call) {
    long began = System.nanoTime();
    long calls = 1;
    while (true) {
      double seconds = block(session, call, calls);
      boolean full = seconds >= effort.block();
      if (full && (System.nanoTime() - began) * NANO >= effort.warmUp()) {
        return calls;
      }
      calls = full ? calls : calls * 2;
    }
  }

  /** Seconds of some calls, until the device has done them. */
  static double block(Session session, Runnable call, long calls) {
    return session.seconds(
        () -> {
          for (long i = 0; i < calls; i++) {
            call.run();
          }
        });
  }
}
