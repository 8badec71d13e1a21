package io.sscam.bench.cli;

import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar with rate and time left on a terminal; silent where the output is piped. */
final class Progress implements AutoCloseable {
  private final boolean shown;
  private String task = "";
  private @Nullable ProgressBar bar;

  private Progress(boolean shown) {
    this.shown = shown;
  }

  /** {@code wanted} and on a terminal. */
  static Progress on(boolean wanted) {
    return new Progress(wanted && Terminal.interactive());
  }

  /** Begins a picture; the bar appears when its size is known. */
  void start(String name) {
    stop();
    task = name;
  }

  void update(long done, long total) {
    if (!shown) {
      return;
    }
    ProgressBar current = bar;
    if (current == null) {
      current =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(total)
              .setUnit(" masks", 1)
              .showSpeed()
              .setUpdateIntervalMillis(200)
              .setStyle(ProgressBarStyle.ASCII)
              .setEtaFunction(
                  state ->
                      state.getCurrent() == 0
                          ? java.util.Optional.empty()
                          : java.util.Optional.of(
                              Duration.ofMillis(
                                  (long)
                                      (state.getElapsedAfterStart().toMillis()
                                          * (state.getMax() - state.getCurrent())
                                          / (double) state.getCurrent()))))
              .build();
      bar = current;
    }
    current.stepTo(done);
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
