package io.sscam.bench.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import me.tongfei.progressbar.ProgressState;
import org.jspecify.annotations.Nullable;

/** A bar with rate and time left on a terminal; silent where the output is piped. */
final class Progress implements AutoCloseable {
  private final boolean shown;
  private final String unit;
  private final long unitSize;
  private String task = "";
  private @Nullable ProgressBar bar;

  private Progress(boolean shown, String unit, long unitSize) {
    this.shown = shown;
    this.unit = unit;
    this.unitSize = unitSize;
  }

  /** Counts masks, if {@code wanted} and on a terminal. */
  static Progress ofMasks(boolean wanted) {
    return new Progress(wanted && Terminal.interactive(), " masks", 1);
  }

  /** Counts pictures, if {@code wanted} and on a terminal. */
  static Progress ofPictures(boolean wanted) {
    return new Progress(wanted && Terminal.interactive(), " pictures", 1);
  }

  /** Counts bytes, shown in megabytes, if on a terminal. */
  static Progress ofBytes() {
    return new Progress(Terminal.interactive(), " MB", 1_000_000);
  }

  /** Begins a picture; the bar appears when its size is known. */
  void start(String name) {
    stop();
    task = name;
  }

  /**
   * As {@link #start} around some work, and the bar is gone before anybody tells of its failure.
   */
  <T> T during(String name, Supplier<T> work) {
    start(name);
    try {
      return work.get();
    } finally {
      stop();
    }
  }

  void update(long done, long total) {
    if (!shown) {
      return;
    }
    ProgressBar current = bar;
    if (current == null) {
      current = show(total);
      bar = current;
    }
    current.stepTo(done);
  }

  private ProgressBar show(long total) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(total)
        .setUnit(unit, unitSize)
        .showSpeed()
        .setUpdateIntervalMillis(200)
        .setStyle(ProgressBarStyle.ASCII)
        .setEtaFunction(Progress::left)
        .setConsumer(new ClearedBar(System.err))
        .clearDisplayOnFinish()
        .build();
  }

  private static Optional<Duration> left(ProgressState state) {
    if (state.getCurrent() == 0) {
      return Optional.empty();
    }
    double share = (state.getMax() - state.getCurrent()) / (double) state.getCurrent();
    return Optional.of(Duration.ofMillis((long) (state.getElapsedAfterStart().toMillis() * share)));
  }

  void stop() {
    ProgressBar current = bar;
    if (current != null) {
      current.close();
      bar = null;
    }
  }

  @Override
  public void close() {
    stop();
  }
}
