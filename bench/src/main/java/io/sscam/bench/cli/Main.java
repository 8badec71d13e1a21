package io.sscam.bench.cli;

import io.sscam.Scoring;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

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
    return run(
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        args);
  }

  static int run(PrintWriter out, PrintWriter err, String... args) {
    Main main = new Main();
    CommandLine commandLine =
        new CommandLine(main)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setUsageHelpWidth(100)
            .setUsageHelpLongOptionsMaxWidth(32)
            .registerConverter(Scoring.Noise.class, option(Scoring.Noise.values()))
            .setOut(out)
            .setErr(err)
            .setParameterExceptionHandler(Main::wrongUse)
            .setExecutionExceptionHandler(main::failure);
    return commandLine.execute(args);
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** Reads {@code masked-input} as MASKED_INPUT. */
  private static <E extends Enum<E>> ITypeConverter<E> option(E[] values) {
    return text ->
        Arrays.stream(values)
            .filter(value -> id(value).equals(text.toLowerCase(Locale.ROOT).replace('_', '-')))
            .findFirst()
            .orElseThrow(
                () ->
                    new TypeConversionException(
                        "expected one of "
                            + Arrays.stream(values).map(Main::id).collect(Collectors.joining(", "))
                            + " but was '"
                            + text
                            + "'"));
  }

  private static String id(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
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
