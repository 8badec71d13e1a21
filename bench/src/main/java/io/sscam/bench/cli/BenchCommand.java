package io.sscam.bench.cli;

import io.sscam.bench.measure.BenchComparison;
import io.sscam.bench.measure.BenchHtml;
import io.sscam.bench.measure.BenchJson;
import io.sscam.bench.measure.BenchReport;
import io.sscam.bench.measure.BenchResult;
import io.sscam.bench.measure.Group;
import io.sscam.bench.measure.Suite;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Backends;
import io.sscam.engine.backend.Device;
import io.sscam.engine.backend.Precision;
import io.sscam.kernels.cuda.lab.CandidateException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench}: how fast is this device, and how fast could it be? */
@Command(
    name = "bench",
    description =
        "Measures the machine's ceilings, the operations, the nets and whole explanations.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    subcommands = {JmhCommand.class, PartCommand.class},
    footer = {
      "",
      "Results are checked once, then timed in several rounds, each part of a round in",
      "a process of its own. Measure on a quiet machine.",
      "Example:",
      "  sscam-engine bench all --quick --json before.json",
      "  sscam-engine bench all --quick --compare before.json --html now.html",
      "  sscam-engine bench kernels --candidate my.cu --op minmax --block 128,256"
    })
final class BenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..1",
      paramLabel = "GROUP",
      defaultValue = "all",
      description = "ceilings, kernels, nets, layers, sscam or all (default: ${DEFAULT-VALUE}).")
  private Group group = Group.ALL;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "auto",
      description = "cpu, cuda:0 or auto (default: ${DEFAULT-VALUE}).")
  private String device = "auto";

  @Option(names = "--threads", paramLabel = "N", description = "CPU threads (default: all cores).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--precision",
      paramLabel = "NAME",
      defaultValue = "fp32",
      description =
          "Of the nets: fp32; on a GPU also tf32 and fp16, on a CPU with AMX or AVX512-BF16 also"
              + " bf16 (default: ${DEFAULT-VALUE}).")
  private Precision precision = Precision.FP32;

  @Option(names = "--quick", description = "A selection that takes two minutes at most.")
  private boolean quick;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the results there too.")
  private @Nullable Path json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a page with roofline, batch scaling and tables.")
  private @Nullable Path html;

  @Option(
      names = "--compare",
      paramLabel = "FILE",
      description = "Mark what changed since that --json was written.")
  private @Nullable Path compare;

  @ArgGroup(exclusive = false, heading = "%nA kernel of your own, see docs/kernels.md:%n")
  private @Nullable LabOptions laboratory;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (laboratory != null) {
      return tryCandidate(laboratory, out);
    }
    OutputFile.requireFolder(json);
    OutputFile.requireFolder(html);
    BenchResult old = compare == null ? null : read(compare);
    Device opened = device();
    Suite suite = new Suite(opened, precision, group, quick, Version.text());
    if (old != null) {
      BenchComparison.requireAlike(old, quick, suite.environment());
    }
    BenchResult result;
    try {
      result = suite.run(new PartProcess(partOptions(opened), spec.commandLine().getErr()));
    } catch (PartProcess.FailedException e) {
      if (ExitCode.isOne(e.code())) {
        return e.code(); // it has said why
      }
      spec.commandLine()
          .getErr()
          .println(
              "error: " + e.getMessage() + ", from outside: perhaps there was too little memory");
      return ExitCode.UNEXPECTED;
    }
    BenchReport.lines(result).forEach(out::println);
    if (old != null) {
      out.println();
      BenchComparison.lines(old, result).forEach(out::println);
    }
    out.flush();
    OutputFile.write(json, BenchJson.write(result));
    OutputFile.write(html, BenchHtml.write(result));
    return ExitCode.OK;
  }

  /** Opens the device only to see that it can be used: others will measure it. */
  private Device device() {
    try (Backend backend = Backends.open(device, threads)) {
      backend.require(precision);
      return backend.device();
    }
  }

  private List<String> partOptions(Device opened) {
    List<String> options =
        new ArrayList<>(
            List.of(
                "--group=" + group.name(),
                "--device=" + opened.id(),
                "--threads=" + threads,
                "--precision=" + precision.id()));
    if (quick) {
      options.add("--quick");
    }
    if (Terminal.interactive()) {
      options.add("--progress");
    }
    if (Boolean.TRUE.equals(spec.root().findOption("--verbose").getValue())) {
      options.add("--verbose");
    }
    return options;
  }

  private int tryCandidate(LabOptions options, PrintWriter out) {
    if (group != Group.KERNELS || json != null || html != null || compare != null) {
      throw new IllegalArgumentException(
          "--candidate goes with bench kernels, and not with --json, --html or --compare");
    }
    try {
      options.run(device, quick, out, this::say);
      return ExitCode.OK;
    } catch (CandidateException e) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("error: " + Main.oneLine(e));
      e.log().lines().forEach(err::println);
      return ExitCode.BAD_INPUT;
    }
  }

  private static BenchResult read(Path file) {
    try {
      return BenchJson.read(file);
    } catch (IOException e) {
      throw new InputException(e);
    }
  }

  private void say(String step) {
    if (Terminal.interactive()) {
      Terminal.say(spec.commandLine().getErr(), step);
    }
  }
}
