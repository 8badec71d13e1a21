package io.sscam.kernels.cuda.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.kernels.software.SoftwareDevice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every kernel on the CPU under AddressSanitizer and UndefinedBehaviourSanitizer, in several orders
 * of its threads. That such a mistake would be found is shown by kernels that are wrong on purpose.
 */
class KernelSanitizerTest {
  private static final Path CPP =
      Path.of(System.getProperty("sscam.root"), "kernels", "src", "test", "cpp");

  private static final String PROGRAM = "check_kernels";

  @TempDir private static Path folder;

  private record Outcome(int exitCode, String output) {}

  /**
   * Once; not before all tests, so that each of them is seen to be skipped where g++ is missing.
   */
  @BeforeEach
  void build() throws Exception {
    SoftwareDevice.requireCompiler();
    if (!Files.exists(folder.resolve(PROGRAM))) {
      Outcome built = run(CPP.resolve("check.sh").toString(), folder.toString());
      assertThat(built.exitCode).as(built.output).isZero();
    }
  }

  @Test
  void everyKernelKeepsToItsMemoryInEveryOrderOfThreads() throws Exception {
    Outcome outcome = check();
    assertThat(outcome.exitCode).as(outcome.output).isZero();
    assertThat(outcome.output)
        .containsPattern("(?m)^check_kernels: \\d\\d+ kernels, .* 0 failures");
    assertThat(outcome.output).as("what the sanitizers say of fibers").doesNotContain("WARNING");
  }

  @ParameterizedTest
  @CsvSource({
    "wrong_overrun, AddressSanitizer: heap-buffer-overflow",
    "wrong_underrun, AddressSanitizer: heap-buffer-overflow",
    "wrong_shared, AddressSanitizer: global-buffer-overflow",
    "wrong_barrier, wrong_barrier: another order of threads gives another result",
    "wrong_divergence, cuda_emu: threads wait for each other for ever",
    "wrong_gap, 'wrong_gap: was not written, element 100'"
  })
  void aMistakeIsFound(String kernel, String finding) throws Exception {
    Outcome outcome = check(kernel);
    assertThat(outcome.exitCode).as(outcome.output).isNotZero();
    assertThat(outcome.output).contains(finding);
  }

  private static Outcome check(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(folder.resolve(PROGRAM).toString()));
    command.addAll(List.of(arguments));
    return run(command.toArray(String[]::new));
  }

  private static Outcome run(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    // Nobody's settings may switch a check off.
    new TreeMap<>(environment)
        .keySet().stream()
            .filter(name -> name.endsWith("SAN_OPTIONS"))
            .forEach(environment::remove);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), output);
  }
}
