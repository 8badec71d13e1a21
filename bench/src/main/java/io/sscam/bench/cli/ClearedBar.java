package io.sscam.bench.cli;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;

/** Draws a progress bar that leaves nothing behind, not even an empty line. */
final class ClearedBar extends ConsoleProgressBarConsumer {
  private final PrintStream stream;

  ClearedBar(PrintStream stream) {
    super(stream);
    this.stream = stream;
  }

  @Override
  public void close() {
    stream.flush();
  }
}
