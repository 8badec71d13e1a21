package io.sscam.bench.cli;

import io.sscam.engine.backend.BackendProvider;
import io.sscam.engine.backend.Backends;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code devices}: what can compute here. */
@Command(
    name = "devices",
    description = "Lists what can compute here, what is missing and what to install.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class DevicesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    for (BackendProvider provider : Backends.providers()) {
      for (String line : provider.describe()) {
        out.printf("%-5s %s%n", provider.kind(), line);
      }
    }
    return ExitCode.OK;
  }
}
