package io.sscam.bench.cli;

import io.sscam.bench.measure.Part;
import io.sscam.bench.measure.Recorder;
import io.sscam.bench.measure.RecorderJson;
import io.sscam.bench.measure.Suite;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;

/**
 * Measures each part in a process of its own, started like this one. Where a process has its memory
 * and how its loops are compiled is settled once and for all runs in it: between two processes the
 * same row differs by more than the runs of one let expect.
 */
final class PartProcess implements Suite.Runner {
  /** What Java makes of Ctrl-C, and of a request to end. */
  private static final List<Integer> ENDED_BY_THE_USER = List.of(130, 143);

  /** A debugger's port is taken by this process. */
  private static final List<String> NOT_TWICE = List.of("-agentlib:jdwp", "-Xrunjdwp");

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

  /** A process ended early. */
  static final class FailedException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int code;

    FailedException(Part part, int code) {
      super("the process that measured %s ended with exit code %d".formatted(part.title(), code));
      this.code = code;
    }

    /** One of {@link ExitCode}'s if it has said why itself. */
    int code() {
      return code;
    }
  }

  @Override
  public void check(Part part) throws IOException {
    start(part, List.of(part.name()));
  }

  @Override
  public Recorder run(Part part, String round, Recorder soFar) throws IOException {
    Path file = temporary();
    try {
      RecorderJson.write(soFar, file);
      start(part, List.of(part.name(), file.toString(), "--round=" + round));
      return RecorderJson.read(file);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static Path temporary() {
    try {
      Path file = Files.createTempFile("sscam-bench-", ".json");
      file.toFile().deleteOnExit(); // where Ctrl-C ends this process first
      return file;
    } catch (IOException e) {
      throw new InputException(
          new IOException(
              "no file can be made in the folder for temporary files, "
                  + System.getProperty("java.io.tmpdir")
                  + "; name another by java -Djava.io.tmpdir=FOLDER",
              e));
    }
  }

  private void start(Part part, List<String> arguments) throws IOException {
    List<String> command =
        command(
            ManagementFactory.getRuntimeMXBean().getInputArguments(),
            System.getProperty("java.class.path"));
    command.addAll(List.of("bench", "part"));
    command.addAll(arguments);
    command.addAll(options);
    int code = run(command);
    if (ENDED_BY_THE_USER.contains(code)) {
      throw new CancellationException();
    }
    if (code != ExitCode.OK) {
      throw new FailedException(part, code);
    }
  }

  /** This program once more, by the same flags of Java. */
  static List<String> command(List<String> flags, String classPath) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    flags.stream()
        .filter(flag -> NOT_TWICE.stream().noneMatch(flag::startsWith))
        .forEach(command::add);
    command.add("--enable-native-access=ALL-UNNAMED"); // as the jar's manifest says
    command.add("-Dsun.stderr.encoding=UTF-8"); // what is read below, up to JDK 18
    command.add("-Dstderr.encoding=UTF-8"); // since JDK 19
    command.addAll(List.of("-cp", classPath, Main.class.getName()));
    return command;
  }

  /** Runs a process to its end and passes on what it says. It ends when this one does. */
  private int run(List<String> command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.INHERIT);
    // Their flags are among those of this process already.
    Map<String, String> environment = builder.environment();
    List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS").forEach(environment::remove);
    Process process = builder.start();
    try (Reader said = process.errorReader(StandardCharsets.UTF_8)) {
      char[] some = new char[4096];
      for (int n = said.read(some); n >= 0; n = said.read(some)) {
        err.write(some, 0, n);
        err.flush();
      }
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException();
    } finally {
      process.destroy();
    }
  }
}
