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
    boolean cuda = false;
    for (BackendProvider provider : Backends.providers()) {
      provider.describe().forEach(line -> out.println(provider.kind() + "   " + line));
      cuda |= provider.kind().equals("cuda");
    }
    if (!cuda) {
      out.println("cuda  missing: this build has no CUDA backend; there is nothing to install yet");
    }
    return ExitCode.OK;
  }
}
