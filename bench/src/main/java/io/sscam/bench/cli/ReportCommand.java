package io.sscam.bench.cli;

import io.sscam.data.DataSets;
import io.sscam.data.Sample;
import io.sscam.evaluate.ResultLog;
import io.sscam.evaluate.Results;
import io.sscam.evaluate.RunSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code report}: logs of evaluations to one report. */
@Command(
    name = "report",
    description = "Writes the report of an evaluation from its log, or from those of its parts.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footer = {
      "",
      "Example:",
      "  sscam-engine report part1/results.jsonl part2/results.jsonl \\",
      "      --data VOC2007 --out all"
    })
final class ReportCommand implements Callable<Integer> {
  /** The data set that lies in the jar. */
  private static final String DEMO = "demo";

  private static final String NO_PICTURES = " (without pictures: name the data set with --data)";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "1..*",
      paramLabel = "LOG",
      description = "results.jsonl of a run, or of all its shards.")
  private List<Path> logs = List.of();

  @Option(
      names = "--data",
      paramLabel = "DATASET",
      description = "The data set that was evaluated, for the pictures in the report.")
  private @Nullable String place;

  @Option(names = "--split", paramLabel = "NAME", description = "Its split, as in evaluate.")
  private @Nullable String split;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the report goes (default: beside the log, where it is one).")
  private @Nullable Path out;

  @Override
  public Integer call() throws Exception {
    Path folder = folder();
    Results results = logs.size() == 1 ? ResultLog.read(logs.get(0)) : ResultLog.merge(logs);
    String shown = place == null && results.settings().data().name().equals(DEMO) ? DEMO : place;
    List<Sample> samples = shown == null ? List.of() : DataSets.open(shown, split).samples();
    ReportFiles.prepare(folder);
    ReportFiles.write(folder, results, ReportFiles.pictures(samples));
    PrintWriter lines = spec.commandLine().getOut();
    lines.print(SummaryTable.of(results));
    RunSettings.Shard shard = results.settings().shard();
    if (shard.count() > 1) {
      lines.println(
          "Only shard " + shard.index() + " of " + shard.count() + ": name all logs for all.");
    }
    lines.println("-> " + folder.resolve("report.html") + (shown == null ? NO_PICTURES : ""));
    lines.flush();
    return ExitCode.OK;
  }

  private Path folder() {
    if (out != null) {
      return out;
    }
    if (logs.size() > 1) {
      throw new IllegalArgumentException("name a folder for the report of all shards: --out DIR");
    }
    Path folder = logs.get(0).getParent();
    return folder == null ? Path.of("") : folder;
  }
}
