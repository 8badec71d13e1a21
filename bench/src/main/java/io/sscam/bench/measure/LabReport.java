package io.sscam.bench.measure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sscam.kernels.cuda.driver.KernelResources;
import io.sscam.kernels.cuda.lab.LabResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A candidate kernel beside the built-in one: for a person, and as a line of the history. */
public final class LabReport {
  /** Raised whenever a field of the history changes its meaning. */
  static final int SCHEMA = 1;

  private static final int NAME = 24;
  private static final String FORMAT = "%-24s %5s %9s %5s %8s %7s %5s %7s %6s %9s";

  private LabReport() {}

  /** The figures of a row. */
  private static Measurement measured(LabResult result, LabResult.Row row) {
    Recorder recorder = new Recorder();
    recorder.add(
        Recorder.Row.timed(
            Group.KERNELS, result.operation().id(), result.sizes(), result.bytes(), 0, 0),
        row.seconds().stream().mapToDouble(seconds -> seconds).toArray());
    return recorder.measurements().get(0);
  }

  /** A table, a line each. */
  public static List<String> lines(LabResult result) {
    List<String> lines = new ArrayList<>();
    lines.addAll(BenchReport.wrapped("device:    ", result.device()));
    lines.add("compiler:  NVRTC " + result.compiler());
    lines.addAll(
        BenchReport.wrapped("operation: ", result.operation().id() + " on " + result.sizes()));
    result.log().lines().forEach(line -> lines.add("nvrtc: " + line));
    lines.add("");
    lines.add(
        FORMAT.formatted(
            "kernel",
            "block",
            "median",
            "±",
            "GB/s",
            "speed",
            "regs",
            "shared",
            "local",
            "occupancy"));
    double builtIn = measured(result, result.rows().get(0)).median();
    for (LabResult.Row row : result.rows()) {
      lines.add(line(row, measured(result, row), builtIn));
    }
    lines.add("");
    lines.addAll(
        BenchReport.wrapped(
            "",
            "Right on all sizes, and then timed in turns on the device's clock. ± is the larger"
                + " distance of the 10 % and the 90 % quantile. GB/s counts each operand once."
                + " speed: against the built-in kernel. regs: registers of a thread. shared: static"
                + " bytes of a block. local: bytes of a thread that do not fit into registers."
                + " occupancy: resident threads of those possible."));
    return lines.stream().map(String::stripTrailing).toList();
  }

  private static String line(LabResult.Row row, Measurement time, double builtIn) {
    KernelResources resources = row.resources();
    return FORMAT.formatted(
        BenchReport.cut(row.name(), NAME),
        row.block(),
        BenchReport.quantity(time.median(), Measurement.SECONDS),
        BenchReport.percent(time.spread()),
        BenchReport.number(time.bytesPerSecond() / 1e9),
        String.format(Locale.ROOT, "%.2f×", builtIn / time.median()),
        resources.registers(),
        resources.sharedBytes(),
        resources.localBytes(),
        BenchReport.percent(resources.occupancy()));
  }

  /**
   * One JSON object on one line.
   *
   * @param version of this program
   * @param sha256 of the candidate's text
   */
  public static String history(LabResult result, String sha256, String version, Instant time) {
    ObjectNode root = new ObjectMapper().createObjectNode();
    root.put("schema", SCHEMA);
    root.put("time", time.toString());
    root.put("version", version);
    root.put("device", result.device());
    root.put("nvrtc", result.compiler());
    root.put("operation", result.operation().id());
    root.put("sizes", result.sizes());
    root.put("bytes", result.bytes());
    root.put("sha256", sha256);
    ArrayNode rows = root.putArray("kernels");
    for (LabResult.Row row : result.rows()) {
      Measurement measured = measured(result, row);
      ObjectNode node = rows.addObject();
      node.put("name", row.name());
      node.put("block", row.block());
      node.put("median", measured.median());
      node.put("low", measured.low());
      node.put("high", measured.high());
      node.put("registers", row.resources().registers());
      node.put("sharedBytes", row.resources().sharedBytes());
      node.put("localBytes", row.resources().localBytes());
      node.put("occupancy", row.resources().occupancy());
    }
    return root + "\n";
  }
}
