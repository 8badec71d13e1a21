package io.sscam.bench.cli;

import io.sscam.Scoring;
import io.sscam.bench.measure.Group;
import io.sscam.bench.measure.Part;
import io.sscam.engine.backend.CamOperations;
import io.sscam.engine.backend.Precision;
import io.sscam.evaluate.Metric;
import io.sscam.evaluate.TargetRule;
import io.sscam.nets.Preprocess;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

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
      EvaluateCommand.class,
      ReportCommand.class,
      SanityCommand.class,
      WeightsCommand.class,
      DevicesCommand.class,
      SelfTestCommand.class,
      BenchCommand.class,
      AutoComplete.GenerateCompletion.class
    },
    footer = {
      "",
      "First steps:",
      "  sscam-engine explain photo.jpg",
      "      works offline with the built-in demo model",
      "  sscam-engine weights pull resnet18",
      "      ImageNet weights, for --model resnet18",
      "sscam-engine stands for: java -jar sscam-engine.jar",
      "",
      "Exit codes: 0 done, 1 unexpected failure, 2 wrong use,",
      "            3 bad picture, weight file or data set, 4 device."
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of a failure.")
  private boolean verbose;

  private static final String LOST = "the disk is full, or what reads it has ended";

  private Main() {}

  public static void main(String[] args) {
    // Digits and points are the same everywhere: logs and tables are read by programs too.
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    System.exit(run(args));
  }

  /** Runs one command and returns its exit code. */
  static int run(String... args) {
    Main main = new Main();
    CommandLine commandLine = main.commandLine();
    int code = main.execute(commandLine, args);
    commandLine.getOut().flush();
    if (System.out.checkError() && code == ExitCode.OK) {
      commandLine.getErr().println("error: what was printed did not all arrive: " + LOST);
      return ExitCode.WRONG_USE;
    }
    return code;
  }

  /** Runs one command that prints to the writers given. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    Main main = new Main();
    int code = main.execute(main.commandLine().setOut(out).setErr(err), args);
    out.flush();
    err.flush();
    return code;
  }

  private int execute(CommandLine commandLine, String... args) {
    try {
      return commandLine.execute(args);
    } catch (OutOfMemoryError e) {
      PrintWriter err = commandLine.getErr();
      err.println(
          "error: too little memory (%s); choose a smaller --batch or --size, or start Java with a"
                  .formatted(oneLine(e))
              + " larger -Xmx");
      if (verbose) {
        e.printStackTrace(err);
      }
      return ExitCode.UNEXPECTED;
    }
  }

  private CommandLine commandLine() {
    CommandLine commandLine =
        new CommandLine(this)
            .setParameterExceptionHandler(Main::wrongUse)
            .setExecutionExceptionHandler(this::failure);
    convert(commandLine, Scoring.Noise.class);
    convert(commandLine, Scoring.SigmaRule.class);
    convert(commandLine, Scoring.Baseline.class);
    convert(commandLine, Scoring.Weights.class);
    convert(commandLine, Scoring.ChannelWeight.class);
    convert(commandLine, Scoring.Normalise.class);
    convert(commandLine, CamOperations.Aggregate.class);
    convert(commandLine, CamOperations.Score.class);
    convert(commandLine, Preprocess.Mode.class);
    convert(commandLine, Precision.class);
    convert(commandLine, Group.class);
    convert(commandLine, Part.class);
    convert(commandLine, TargetRule.class);
    convert(commandLine, Metric.class);
    convert(commandLine, ResultFiles.Format.class);
    convert(commandLine, ClassifyCommand.Format.class);
    layOut(commandLine);
    commandLine.registerConverter(int.class, Main::whole);
    commandLine.registerConverter(Integer.class, Main::whole);
    commandLine.registerConverter(
        long.class, text -> number(text, Long::valueOf, "a whole number"));
    commandLine.registerConverter(Double.class, text -> number(text, Double::valueOf, "a number"));
    return commandLine;
  }

  /** The same headings in all help texts, and a synopsis of one line. */
  private static void layOut(CommandLine commandLine) {
    commandLine
        .getCommandSpec()
        .usageMessage()
        .abbreviateSynopsis(true)
        .parameterListHeading("%nParameters:%n")
        .optionListHeading("%nOptions:%n")
        .commandListHeading("%nCommands:%n");
    commandLine.getSubcommands().values().forEach(Main::layOut);
  }

  private static Integer whole(String text) {
    return number(text, Integer::valueOf, "a whole number");
  }

  private static <N> N number(String text, Function<String, N> parse, String kind) {
    try {
      return parse.apply(text.strip());
    } catch (NumberFormatException e) {
      throw new TypeConversionException("it must be %s, not \"%s\"".formatted(kind, text));
    }
  }

  private static <E extends Enum<E>> void convert(CommandLine commandLine, Class<E> type) {
    commandLine.registerConverter(type, new EnumNames<>(type));
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static int wrongUse(ParameterException e, String[] args) {
    PrintWriter err = e.getCommandLine().getErr();
    String message = unknown(e).orElse(oneLine(e).replaceFirst("^Error: ", ""));
    err.println(
        "error: "
            + Character.toLowerCase(message.charAt(0))
            + message.substring(1)
            + suggestion(e));
    err.println("See: " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
    return ExitCode.WRONG_USE;
  }

  /** An option that is misspelt, where picocli misses a parameter first. */
  private static Optional<String> unknown(ParameterException e) {
    return e instanceof MissingParameterException
        ? e.getCommandLine().getUnmatchedArguments().stream()
            .filter(argument -> argument.startsWith("-"))
            .findFirst()
            .map(argument -> "unknown option: '" + argument + "'")
        : Optional.empty();
  }

  private static String suggestion(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      return "; did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?";
    }
    return "";
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
