package io.sscam.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sscam.bench.measure.BenchJson;
import io.sscam.bench.measure.BenchResult;
import io.sscam.bench.measure.Measurement;
import io.sscam.bench.measure.Part;
import io.sscam.bench.measure.Recorder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Benchmarks in processes of their own. */
final class PartProcessTest {
  @TempDir private Path temp;

  @Test
  void aWholeRun() throws IOException {
    Path json = temp.resolve("now.json");
    Cli.Outcome run =
        Cli.run("bench", "ceilings", "--quick", "--threads", 1, "--json", json).succeeded();
    assertThat(run.out().replaceAll("\\s+", " "))
        .contains("product, linear, fp32", "the difference between rounds");
    assertThat(run.err()).as("no terminal, no progress").doesNotContain("measuring");
    BenchResult result = BenchJson.read(json);
    assertThat(result.measurements())
        .extracting(Measurement::name)
        .contains("copy", "triad a = b + s·c", "product, linear, fp32");
    assertThat(result.notes()).isEmpty();
  }

  @Test
  void theSameJavaWithTheSameFlags() {
    assertThat(PartProcess.command(List.of("-Xmx1g", "-agentlib:jdwp=x", "-Da=b c"), "x y.jar"))
        .containsSubsequence("-Xmx1g", "-Da=b c", "-cp", "x y.jar", Main.class.getName())
        .noneMatch(flag -> flag.contains("jdwp"));
  }

  @Test
  void whatAProcessSaysAndItsExitCodeArePassedOn() {
    StringWriter err = new StringWriter();
    PartProcess process = new PartProcess(List.of("--device=tpu"), new PrintWriter(err));
    assertThatExceptionOfType(PartProcess.FailedException.class)
        .isThrownBy(() -> process.run(Part.KERNELS, "round 1 of 2", new Recorder()))
        .withMessageContaining("measured kernels", "exit code 4")
        .matches(e -> e.code() == ExitCode.DEVICE);
    assertThat(err.toString()).startsWith("error: ").contains("there is no device \"tpu\"");
  }
}
