package io.sscam.bench.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sscam.bench.selftest.Finding;
import io.sscam.bench.selftest.SelfTest;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Backends;
import io.sscam.engine.backend.Precision;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code selftest}: does this device compute what it should? */
@Command(
    name = "selftest",
    description = "Checks every operation and all nets of a device against the reference.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footer = {"", "Example:", "  sscam-engine selftest --device cuda:0 --precision fp16"})
final class SelfTestCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "auto",
      description = "cpu, cuda:0 or auto (default: ${DEFAULT-VALUE}).")
  private String device = "auto";

  @Option(
      names = "--precision",
      paramLabel = "NAME",
      defaultValue = "fp32",
      description =
          "Of the nets: fp32; on a GPU also tf32 and fp16, on a CPU with AMX or AVX512-BF16 also"
              + " bf16 (default: ${DEFAULT-VALUE}).")
  private Precision precision = Precision.FP32;

  @Option(names = "--operations", description = "Check the operations only, not the nets.")
  private boolean operations;

  @Option(names = "--threads", paramLabel = "N", description = "CPU threads (default: all cores).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--json", paramLabel = "FILE", description = "Write the findings there too.")
  private @Nullable Path json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (operations && precision != Precision.FP32) {
      throw new IllegalArgumentException(
          "--precision is of the nets, which --operations leaves out: give one of the two");
    }
    OutputFile.requireFolder(json);
    try (Backend backend = Backends.open(device, threads)) {
      backend.require(precision);
      out.printf("%s: %s%n", backend.device().id(), backend.device().description());
      out.printf("%-32s %6s %12s %10s%n", "", "cases", "error", "budget");
      List<Finding> findings =
          findings(new SelfTest(backend, precision, threads), finding -> print(out, finding));
      long failed = findings.stream().filter(finding -> !finding.passed()).count();
      out.println(
          failed == 0
              ? "all " + findings.size() + " checks passed"
              : failed + " of " + findings.size() + " checks FAILED: do not use this device");
      out.flush();
      OutputFile.write(json, json(backend, findings));
      return failed == 0 ? ExitCode.OK : ExitCode.DEVICE;
    }
  }

  private List<Finding> findings(SelfTest test, Consumer<Finding> each) {
    return operations ? test.operations(each) : test.run(each);
  }

  private static void print(PrintWriter out, Finding finding) {
    out.printf(
        Locale.ROOT,
        "%-32s %6d %12.2e %10.0e %s%n",
        finding.what(),
        finding.cases(),
        finding.error(),
        finding.budget(),
        finding.passed() ? "" : "FAILED");
    out.flush();
  }

  private String json(Backend backend, List<Finding> findings) {
    ObjectNode root = new ObjectMapper().createObjectNode();
    root.put("device", backend.device().id());
    root.put("description", backend.device().description());
    root.put("precision", EnumNames.of(precision));
    ArrayNode list = root.putArray("findings");
    for (Finding finding : findings) {
      ObjectNode node = list.addObject();
      node.put("what", finding.what());
      node.put("cases", finding.cases());
      node.put("error", finding.error());
      node.put("budget", finding.budget());
      node.put("passed", finding.passed());
    }
    return root + "\n";
  }
}
