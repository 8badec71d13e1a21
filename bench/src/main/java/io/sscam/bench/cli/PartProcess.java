package io.sscam.bench.cli;

import io.sscam.bench.measure.Part;
import io.sscam.bench.measure.Recorder;
import io.sscam.bench.measure.RecorderJson;
import io.sscam.bench.measure.Suite;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * Measures each part in a process of its own, started like this one. Where a process has its memory
 * and how its loops are compiled is settled once and for all runs in it: between two processes the
 * same row differs by more than the runs of one let expect.
 */
final class PartProcess implements Suite.Runner {
  /** What Java makes of Ctrl-C, and of a request to end. */
  private static final int INTERRUPTED = 130;

  private static final int TERMINATED = 143;

  private final List<String> options;
  private final PrintWriter err;

  /**
   * Prepares such processes.
   *
   * @param options of {@code bench part}
   * @param err where they say what they do and what went wrong
   */
  PartProcess(List<String> options, PrintWriter err) {
    this.options = options;
    this.err = err;
  }

  /** A process ended early, and has said why. */
  static final class FailedException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int code;

    FailedException(Part part, int code) {
      super("measuring " + part.title() + " ended with exit code " + code);
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  @Override
  public Recorder run(Part part, String round, Recorder soFar) {
    try {
      Path file = Files.createTempFile("sscam-bench-", ".json");
      file.toFile().deleteOnExit(); // where Ctrl-C ends this process before the line below does
      try {
        RecorderJson.write(soFar, file);
        int code = run(command(part, round, file));
        if (code == INTERRUPTED || code == TERMINATED) {
          throw new CancellationException();
        }
        if (code != ExitCode.OK) {
          throw new FailedException(part, code);
        }
        return RecorderJson.read(file);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> command(Part part, String round, Path file) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!flag.startsWith("-agentlib:jdwp")) { // a debugger's port is taken
        command.add(flag);
      }
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("bench", "part", part.name(), file.toString(), "--round", round));
    command.addAll(options);
    return command;
  }

  /** Runs a process to its end, which is not later than this one's, and passes on what it says. */
  private int run(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.INHERIT).start();
    Thread end = new Thread(process::destroy);
    Runtime.getRuntime().addShutdownHook(end);
    try (Reader said = process.errorReader()) {
      char[] some = new char[4096];
      for (int n = said.read(some); n >= 0; n = said.read(some)) {
        err.write(some, 0, n);
        err.flush();
      }
      int code = process.waitFor();
      Runtime.getRuntime().removeShutdownHook(end);
      return code;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException();
    } catch (IllegalStateException thisOneIsEnding) {
      throw new CancellationException();
    }
  }
}
