package io.sscam.bench.measure;

import io.sscam.engine.backend.Device;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What a reader must know of the machine to make sense of a figure. */
final class Environment {
  private static final String UNKNOWN = "unknown";

  private Environment() {}

  /**
   * All facts by name.
   *
   * @param version of this program
   */
  static Map<String, String> of(Device device, String precision, String version) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("program", version);
    facts.put("device", device.id());
    facts.put("description", device.description());
    facts.put("precision", precision);
    facts.put("threads", Integer.toString(device.threads()));
    String cpu = cpuInfo("model name").orElseGet(() -> System.getProperty("os.arch", UNKNOWN));
    boolean gpu = device.id().startsWith("cuda:");
    // A GPU's description begins with its name.
    facts.put("hardware", gpu ? device.description().replaceFirst(",.*", "") : cpu);
    facts.put("cpu", cpu);
    facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    facts.put("cpu MHz", cpuInfo("cpu MHz").orElse(UNKNOWN));
    if (gpu) {
      facts.put("gpu clocks", gpu(device.id().substring(5)));
    }
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put(
        "java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    String flags = String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments());
    facts.put("java flags", flags.isEmpty() ? "none" : flags);
    facts.put("java heap MiB", Long.toString(Runtime.getRuntime().maxMemory() >> 20));
    return facts;
  }

  private static Optional<String> cpuInfo(String key) {
    return field(Path.of("/proc/cpuinfo"), key);
  }

  /** The first value of a key in one of Linux's files of lines "key : value". */
  private static Optional<String> field(Path file, String key) {
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> line.startsWith(key))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException notLinux) {
      return Optional.empty();
    }
  }

  /** What the driver's own tool says; it is there wherever the driver is. */
  private static String gpu(String ordinal) {
    List<String> command =
        List.of(
            "nvidia-smi",
            "--id=" + ordinal,
            "--format=csv,noheader",
            "--query-gpu=name,driver_version,clocks.sm,clocks.mem,clocks.max.sm,clocks.max.mem");
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroy();
        return UNKNOWN;
      }
      String text =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.exitValue() == 0 ? text : UNKNOWN;
    } catch (IOException noSuchTool) {
      return UNKNOWN;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return UNKNOWN;
    }
  }

  /**
   * Bytes that the process held at most: the resident set on Linux, elsewhere the Java heap only.
   */
  static long peakMemory() {
    return field(Path.of("/proc/self/status"), "VmHWM")
        .map(text -> Long.parseLong(text.replaceAll("\\D", "")) << 10)
        .orElseGet(
            () ->
                ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getType() == MemoryType.HEAP)
                    .mapToLong(pool -> pool.getPeakUsage().getUsed())
                    .sum());
  }
}
