package io.sscam.bench.peers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Two tasks run in turns, so that whatever else the machine does falls on both.
 *
 * @param first median milliseconds of the first task's turns
 * @param second median milliseconds of the second task's turns
 * @param ratio median of first ÷ second, each pair of neighbouring turns by itself
 * @param rounds pairs of turns
 */
record Alternation(double first, double second, double ratio, int rounds) {
  private static final int WARM_UP = 2;
  private static final int FEWEST = 5;

  /** Lets threads of the other engine that still spin go to sleep. */
  private static final int PAUSE_MS = 5;

  static Alternation run(Runnable first, Runnable second, double seconds) {
    for (int i = 0; i < WARM_UP; i++) {
      first.run();
      second.run();
    }
    List<Double> firsts = new ArrayList<>();
    List<Double> others = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    long end = System.nanoTime() + (long) (seconds * 1e9);
    while (firsts.size() < FEWEST || System.nanoTime() < end) {
      double a = turn(first);
      double b = turn(second);
      firsts.add(a);
      others.add(b);
      ratios.add(a / b);
    }
    return new Alternation(median(firsts), median(others), median(ratios), ratios.size());
  }

  private static double turn(Runnable task) {
    try {
      Thread.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    long start = System.nanoTime();
    task.run();
    return (System.nanoTime() - start) / 1e6;
  }

  private static double median(List<Double> values) {
    Collections.sort(values);
    int middle = values.size() / 2;
    return values.size() % 2 == 1
        ? values.get(middle)
        : (values.get(middle - 1) + values.get(middle)) / 2;
  }
}
