package io.sscam.bench.cli;

import static io.sscam.bench.cli.ExitCode.BAD_INPUT;
import static io.sscam.bench.cli.ExitCode.DEVICE;
import static io.sscam.bench.cli.ExitCode.WRONG_USE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code bench} refuses before it measures; what it measures is tested beside it. */
final class BenchCommandTest {
  @TempDir private Path temp;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GROUP       | wheels       | use one of: ceilings, kernels, nets, layers, sscam, all
          --precision | fp8          | use one of: fp32, tf32, fp16, bf16
          --precision | fp16         | cpu computes in fp32
          --threads   | 0            | threads
          --json      | no/such/x    | its folder does not exist; create it
          --html      | no/such/x    | its folder does not exist; create it
          """)
  void refuses(String option, String value, String words) {
    Object[] args =
        option.equals("GROUP")
            ? new Object[] {"bench", value}
            : new Object[] {"bench", "ceilings", "--quick", option, value};
    Cli.run(args).refused(WRONG_USE, words);
  }

  @Test
  void refusesAForeignDeviceAndResult() throws IOException {
    Cli.run("bench", "--device", "tpu").refused(DEVICE, "there is no device \"tpu\"");
    Path old = Files.writeString(temp.resolve("old.json"), "{}");
    Cli.run("bench", "--compare", old).refused(BAD_INPUT, old.toString(), "name a file that bench");
    Cli.run("bench", "--compare", temp.resolve("none")).refused(BAD_INPUT, "does not exist");
    Cli.run("bench", "--json", temp).refused(WRONG_USE, "is a folder");
  }

  @Test
  void refusesToCompareWithAnotherMachine() throws IOException {
    String text =
        """
        {"schema": 2, "quick": true, "environment": {"device": "cuda:0"},
         "roof": {"bytesPerSecond": 1, "flopsPerSecond": 1, "netFlopsPerSecond": 1},
         "notes": [], "measurements": []}
        """;
    Path old = Files.writeString(temp.resolve("old.json"), text);
    Cli.run("bench", "--quick", "--compare", old)
        .refused(WRONG_USE, "of another device (\"cuda:0\", now \"cpu\")");
  }

  @Test
  void theHelpNamesTheGroups() {
    assertThat(Cli.run("bench", "--help").succeeded().out())
        .contains("ceilings, kernels, nets, layers, sscam or all", "--compare");
  }
}
