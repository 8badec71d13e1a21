package io.sscam.bench.cli;

import io.sscam.bench.measure.Group;
import io.sscam.bench.measure.Part;
import io.sscam.bench.measure.PartBench;
import io.sscam.bench.measure.RecorderJson;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Backends;
import io.sscam.engine.backend.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench part}: what {@link PartProcess} starts, not meant for people. */
@Command(
    name = "part",
    hidden = true,
    description = "Measures one part of the benchmarks once; bench starts it for each.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false)
final class PartCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "PART", description = "What to measure.")
  private Part part = Part.CEILINGS;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FILE",
      description = "What was measured so far; to it is added. Without one it is only checked.")
  private @Nullable Path file;

  @Option(names = "--round", paramLabel = "TEXT", description = "For the messages.")
  private String round = "";

  @Option(names = "--group", paramLabel = "GROUP", description = "As in bench.")
  private Group group = Group.ALL;

  @Option(names = "--device", paramLabel = "NAME", description = "As in bench.")
  private String device = "auto";

  @Option(names = "--threads", paramLabel = "N", description = "As in bench.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--precision", paramLabel = "NAME", description = "As in bench.")
  private Precision precision = Precision.FP32;

  @Option(names = "--quick", description = "As in bench.")
  private boolean quick;

  @Option(names = "--progress", description = "Say what is being done.")
  private boolean progress;

  @Override
  public Integer call() throws IOException {
    endWithTheOther();
    try (Backend backend = Backends.open(device, threads)) {
      PartBench bench =
          new PartBench(
              backend, precision, group, quick, fewer -> Backends.open(device, fewer), this::say);
      if (file == null) {
        bench.check(part);
      } else {
        RecorderJson.write(bench.run(part, round, RecorderJson.read(file)), file);
      }
    }
    return ExitCode.OK;
  }

  /** Ends this process when the one that started it does, however: its end of the pipe closes. */
  private static void endWithTheOther() {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // nothing is ever sent
                }
              } catch (IOException e) {
                // as good as closed
              }
              Runtime.getRuntime().halt(ExitCode.UNEXPECTED);
            });
    thread.setDaemon(true);
    thread.start();
  }

  private void say(String step) {
    if (progress) {
      Terminal.say(spec.commandLine().getErr(), step);
    }
  }
}
