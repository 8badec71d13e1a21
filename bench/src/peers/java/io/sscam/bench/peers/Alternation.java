package io.sscam.bench.peers;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Two tasks run in turns, so that whatever else the machine does falls on both.
 *
 * @param first median milliseconds of the first task's turns
 * @param second median milliseconds of the second task's turns
 * @param ratio median of first ÷ second, each pair of neighbouring turns by itself
 * @param cpuRatio CPU time of all first turns ÷ that of all second turns: what a busy machine
 *     disturbs least, but a thread that spins while it waits counts too
 * @param rounds pairs of turns
 */
record Alternation(double first, double second, double ratio, double cpuRatio, int rounds) {
  private static final int WARM_UP = 2;
  private static final int FEWEST = 5;

  /** Lets threads of the other engine that still spin go to sleep. */
  private static final int PAUSE_MS = 5;

  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  /** One task's turns. */
  private static final class Turns {
    final Runnable task;
    final List<Double> milliseconds = new ArrayList<>();
    long cpu;

    Turns(Runnable task) {
      this.task = task;
    }

    double turn() {
      pause();
      long cpuStart = SYSTEM.getProcessCpuTime();
      long start = System.nanoTime();
      task.run();
      double time = (System.nanoTime() - start) / 1e6;
      cpu += SYSTEM.getProcessCpuTime() - cpuStart;
      milliseconds.add(time);
      return time;
    }
  }

  static Alternation run(Runnable first, Runnable second, double seconds) {
    for (int i = 0; i < WARM_UP; i++) {
      first.run();
      second.run();
    }
    Turns firsts = new Turns(first);
    Turns others = new Turns(second);
    List<Double> ratios = new ArrayList<>();
    long end = System.nanoTime() + (long) (seconds * 1e9);
    while (ratios.size() < FEWEST || System.nanoTime() < end) {
      ratios.add(firsts.turn() / others.turn());
    }
    return new Alternation(
        median(firsts.milliseconds),
        median(others.milliseconds),
        median(ratios),
        (double) firsts.cpu / Math.max(1, others.cpu),
        ratios.size());
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static double median(List<Double> values) {
    Collections.sort(values);
    int middle = values.size() / 2;
    return values.size() % 2 == 1
        ? values.get(middle)
        : (values.get(middle - 1) + values.get(middle)) / 2;
  }
}
