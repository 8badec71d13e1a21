package io.sscam.bench.jmh;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the benchmarks of this package. JMH finds them by the list that its annotation processor
 * wrote, and starts the JVMs that are measured with the class path of this one.
 */
public final class JmhSuite {
  private static final String PACKAGE = JmhSuite.class.getPackageName() + ".";

  private JmhSuite() {}

  /** The names of all benchmarks: class and method. */
  public static List<String> names() {
    return BenchmarkList.defaultList()
        .getAll(
            OutputFormatFactory.createFormatInstance(
                new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                VerboseMode.SILENT),
            List.of())
        .stream()
        .map(entry -> entry.getUsername())
        .filter(name -> name.startsWith(PACKAGE))
        .map(name -> name.substring(PACKAGE.length()))
        .sorted()
        .toList();
  }

  /**
   * Runs benchmarks and prints their figures to the standard output, as JMH does.
   *
   * @param patterns regular expressions, each found in some name; all benchmarks if there is none
   * @param quick one JVM and less of everything: for a first look
   * @throws IllegalArgumentException if a pattern is none, or fits no benchmark
   * @throws RunnerException if a benchmark fails, or JMH runs here already
   */
  public static Collection<RunResult> run(List<String> patterns, boolean quick)
      throws RunnerException {
    ChainedOptionsBuilder options = new OptionsBuilder().shouldFailOnError(true);
    matching(patterns).forEach(name -> options.include("^" + Pattern.quote(PACKAGE + name) + "$"));
    if (quick) {
      TimeValue time = TimeValue.milliseconds(200);
      options.forks(1).warmupIterations(1).warmupTime(time);
      options.measurementIterations(2).measurementTime(time);
    }
    return run(options.build());
  }

  static Collection<RunResult> run(Options options) throws RunnerException {
    return new Runner(options).run();
  }

  private static Set<String> matching(List<String> patterns) {
    List<String> names = names();
    Set<String> found = new TreeSet<>(patterns.isEmpty() ? names : List.of());
    for (String pattern : patterns) {
      List<String> fitting = names.stream().filter(compile(pattern).asPredicate()).toList();
      if (fitting.isEmpty()) {
        throw new IllegalArgumentException(
            "no benchmark fits \"%s\"; there are: %s".formatted(pattern, String.join(", ", names)));
      }
      found.addAll(fitting);
    }
    return found;
  }

  private static Pattern compile(String pattern) {
    try {
      return Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "\"%s\" is no regular expression (%s); use a part of a name, such as Forward"
              .formatted(pattern, e.getDescription()),
          e);
    }
  }

  /** The results as JMH's JSON, which tools that plot and compare read. */
  public static String json(Collection<RunResult> results) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
    ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(results);
    out.flush();
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
