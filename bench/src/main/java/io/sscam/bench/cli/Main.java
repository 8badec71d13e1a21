package io.sscam.bench.cli;

import java.io.PrintWriter;
import java.util.concurrent.CancellationException;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program: {@code java -jar sscam-engine.jar COMMAND}. */
@Command(
    name = "sscam-engine",
    description = "Shows what a picture classifier looked at.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ExplainCommand.class,
      ClassifyCommand.class,
      CompareCommand.class,
      WeightsCommand.class,
      DevicesCommand.class,
      AutoComplete.GenerateCompletion.class
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 unexpected failure, 2 wrong use, 3 bad picture or weight file,",
      "4 device.",
      "First steps: sscam-engine explain PHOTO (works offline with the built-in demo model)."
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of a failure.")
  private boolean verbose;

  private Main() {}

  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs one command and returns its exit code. */
  static int run(String... args) {
    Main main = new Main();
    CommandLine commandLine =
        new CommandLine(main)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .registerConverter(io.sscam.Target.class, text -> io.sscam.Target.parse(text.strip()))
            .setParameterExceptionHandler(Main::wrongUse)
            .setExecutionExceptionHandler(main::failure);
    return commandLine.execute(args);
  }

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }

  private static int wrongUse(ParameterException e, String[] args) {
    PrintWriter err = e.getCommandLine().getErr();
    err.println("error: " + oneLine(e));
    err.println("See: " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
    return ExitCode.WRONG_USE;
  }

  private int failure(Exception e, CommandLine commandLine, CommandLine.ParseResult parsed) {
    if (e instanceof CancellationException) {
      commandLine.getErr().println("cancelled");
      return ExitCode.UNEXPECTED;
    }
    report(commandLine.getErr(), e);
    return ExitCode.of(e);
  }

  private void report(PrintWriter err, Throwable e) {
    boolean expected = ExitCode.of(e) != ExitCode.UNEXPECTED;
    err.println("error: " + (expected ? oneLine(e) : "unexpected: " + e));
    if (verbose) {
      e.printStackTrace(err);
    } else if (!expected) {
      err.println("Run again with --verbose for the details, and please report this.");
    }
  }

  static String oneLine(Throwable e) {
    String message = e.getMessage();
    return message == null ? e.toString() : message.replaceAll("\\s*\\R\\s*", " ");
  }
}
