package io.sscam.bench.cli;

import io.sscam.bench.jmh.JmhSuite;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench jmh}: what runs on the JVM, measured by JMH. */
@Command(
    name = "jmh",
    description = "Measures by JMH what runs on the JVM, each benchmark in JVMs of its own.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footer = {
      "",
      "All options of JMH: java -cp sscam-engine.jar org.openjdk.jmh.Main -h",
      "Example:",
      "  sscam-engine bench jmh Forward Explanation --json jmh.json"
    })
final class JmhCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..*",
      paramLabel = "REGEX",
      description = "Parts of the names of benchmarks (default: all).")
  private List<String> patterns = List.of();

  @Option(names = "--quick", description = "One JVM and less of everything: a first look.")
  private boolean quick;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the results there too.")
  private @Nullable Path json;

  @Override
  public Integer call() throws IOException {
    OutputFile.requireFolder(json);
    try {
      OutputFile.write(json, JmhSuite.json(JmhSuite.run(patterns, quick)));
      return ExitCode.OK;
    } catch (RunnerException e) {
      spec.commandLine().getErr().println("error: " + Main.oneLine(e));
      return ExitCode.UNEXPECTED;
    }
  }
}
