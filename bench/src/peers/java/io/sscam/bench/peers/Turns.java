package io.sscam.bench.peers;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One task's turns among those of others; all take turns (A B C A B C …), so that whatever else the
 * machine does falls on all of them.
 *
 * @param milliseconds median of its turns
 * @param ratio median of its turn ÷ the last task's turn of the same round
 * @param cpuRatio CPU time of all its turns ÷ that of all turns of the last task: what a busy
 *     machine disturbs least, but a thread that spins while it waits counts too
 * @param rounds how often each had its turn
 */
record Turns(double milliseconds, double ratio, double cpuRatio, int rounds) {
  private static final int FEWEST = 5;

  /** Until all is compiled: loops of the noise run interpreted at first. */
  private static final double WARM_UP_SECONDS = 5;

  /**
   * Lets threads of another engine that still spin go to sleep: ONNX Runtime's do so for more than
   * 5 ms after a run.
   */
  private static final int PAUSE_MS = 60;

  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  /** A task with what was measured. */
  private static final class Player {
    final Runnable task;
    final List<Double> milliseconds = new ArrayList<>();
    long cpu;

    Player(Runnable task) {
      this.task = task;
    }

    void turn() {
      pause();
      long cpuStart = SYSTEM.getProcessCpuTime();
      long start = System.nanoTime();
      task.run();
      milliseconds.add((System.nanoTime() - start) / 1e6);
      cpu += SYSTEM.getProcessCpuTime() - cpuStart;
    }

    Turns against(Player last) {
      List<Double> ratios = new ArrayList<>();
      for (int i = 0; i < milliseconds.size(); i++) {
        ratios.add(milliseconds.get(i) / last.milliseconds.get(i));
      }
      double cpuRatio = (double) cpu / Math.max(1, last.cpu);
      return new Turns(median(milliseconds), median(ratios), cpuRatio, milliseconds.size());
    }
  }

  /** Measures all tasks; the last is the one that the others are compared with. */
  static List<Turns> take(double seconds, List<Runnable> tasks) {
    for (long end = end(WARM_UP_SECONDS); System.nanoTime() < end; ) {
      tasks.forEach(Runnable::run);
    }
    List<Player> players = tasks.stream().map(Player::new).toList();
    long end = end(seconds);
    for (int round = 0; round < FEWEST || System.nanoTime() < end; round++) {
      players.forEach(Player::turn);
    }
    Player last = players.get(players.size() - 1);
    return players.stream().map(player -> player.against(last)).toList();
  }

  private static long end(double seconds) {
    return System.nanoTime() + (long) (seconds * 1e9);
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
