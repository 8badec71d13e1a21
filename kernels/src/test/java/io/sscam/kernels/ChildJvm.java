package io.sscam.kernels;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Another JVM with this one's class path: libraries are loaded once a process. */
public final class ChildJvm {
  private ChildJvm() {}

  /** How it ended; what it printed and its errors are together. */
  public record Outcome(int exitCode, String output) {}

  /** Runs a class's main method, its properties given as in {@code name=value}. */
  public static Outcome run(Class<?> main, List<String> properties, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:-CreateCoredumpOnCrash", "-XX:TieredStopAtLevel=1"));
    properties.forEach(property -> command.add("-D" + property));
    command.addAll(List.of("-cp", classPath(), main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    List.of("SSCAM_CUDA_PATH", "LD_LIBRARY_PATH", "JAVA_TOOL_OPTIONS").forEach(environment::remove);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), output);
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }
}
