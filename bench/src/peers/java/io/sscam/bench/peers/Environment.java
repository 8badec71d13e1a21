package io.sscam.bench.peers;

import io.sscam.engine.backend.Backend;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where and with what was measured. */
final class Environment {
  private Environment() {}

  static Map<String, String> describe(Backend backend, int threads) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("cpu", cpuModel());
    facts.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
    facts.put("threads", String.valueOf(threads));
    facts.put("jvm", Runtime.version().toString());
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    facts.put("ours", backend.device().description());
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    facts.put("loadAverage", String.valueOf(load));
    return facts;
  }

  private static String cpuModel() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
          .filter(line -> line.startsWith("model name") || line.startsWith("flags"))
          .limit(2)
          .map(line -> line.startsWith("flags") ? vectors(line) : line.replaceFirst(".*:\\s*", ""))
          .reduce((a, b) -> a + ", " + b)
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static String vectors(String flags) {
    return flags.contains("avx512f") ? "AVX-512" : flags.contains("avx2") ? "AVX2" : "no AVX2";
  }
}
