package io.sscam.bench.cli;

import static io.sscam.bench.cli.ExitCode.BAD_INPUT;
import static io.sscam.bench.cli.ExitCode.DEVICE;
import static io.sscam.bench.cli.ExitCode.WRONG_USE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sscam.kernels.software.SoftwareDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bench kernels --candidate} on the software CUDA device. */
final class BenchCandidateTest {
  private static final Path EXAMPLE =
      Path.of(System.getProperty("sscam.root"), "docs", "kernels", "minmax_3.cu");

  @TempDir private Path temp;
  private final String home = System.getProperty("user.home");

  /** The cache is the user's, who is not to notice. */
  @BeforeEach
  void install() {
    System.setProperty("user.home", temp.toString());
    SoftwareDevice.install();
  }

  @AfterEach
  void restore() {
    System.setProperty("user.home", home);
  }

  private static Cli.Outcome bench(Path candidate, Object... more) {
    Object[] args = new Object[more.length + 7];
    List<Object> first =
        List.of("bench", "kernels", "--quick", "--candidate", candidate, "--op", "minmax");
    System.arraycopy(first.toArray(), 0, args, 0, 7);
    System.arraycopy(more, 0, args, 7, more.length);
    return Cli.run(args);
  }

  @Test
  void aRunPrintsATableAndAddsALineToTheHistory() throws IOException {
    Path history = temp.resolve("runs.jsonl");
    Cli.Outcome outcome = bench(EXAMPLE, "--block", "128,512", "--history", history).succeeded();
    assertThat(outcome.out())
        .contains("minmax on 32×224×224", "Kept in " + history + ".")
        .containsPattern("kernel +block +median +± +GB/s +speed +regs +shared +local +occupancy")
        .containsPattern("(?m)^built-in +256 .* 1\\.00× +\\d+ ")
        .containsPattern("(?m)^minmax_3\\.cu +128 ")
        .containsPattern("(?m)^minmax_3\\.cu +512 ");
    assertThat(outcome.out().lines()).allMatch(line -> line.length() <= 100 || line.contains("/"));
    bench(EXAMPLE, "--history", history).succeeded();
    List<String> lines = Files.readAllLines(history);
    assertThat(lines).hasSize(2);
    JsonNode first = new ObjectMapper().readTree(lines.get(0));
    assertThat(first.get("operation").asText()).isEqualTo("minmax");
    assertThat(first.get("sha256").asText()).matches("[0-9a-f]{64}");
    assertThat(first.get("kernels")).hasSize(3);
    assertThat(first.get("kernels").get(2).get("block").asInt()).isEqualTo(512);
    assertThat(first.get("kernels").get(2).get("median").asDouble()).isPositive();
    assertThat(new ObjectMapper().readTree(lines.get(1)).get("kernels")).hasSize(2);
  }

  @Test
  void withoutANameTheHistoryLiesInTheCache() {
    assumeTrue(System.getenv("SSCAM_CACHE") == null && System.getenv("XDG_CACHE_HOME") == null);
    bench(EXAMPLE).succeeded();
    assertThat(temp.resolve(".cache/sscam-engine/kernels.jsonl")).isNotEmptyFile();
  }

  @Test
  void whatIsWrongWithTheFileIsOneLine() throws IOException {
    String text = Files.readString(EXAMPLE);
    bench(temp.resolve("none.cu")).refused(BAD_INPUT, "none.cu does not exist");
    Path wrong = Files.writeString(temp.resolve("w.cu"), text.replace("= all.low", "= all.high"));
    bench(wrong).refused(BAD_INPUT, "w.cu is wrong: minmax on 7×1×3", "element 0 is", "expected");
    Path other = Files.writeString(temp.resolve("o.cu"), text.replace("void minmax", "void m"));
    bench(other).refused(BAD_INPUT, "o.cu has no entry point; declare it as", "float* range)");
  }

  @Test
  void aCompileErrorIsFollowedByTheLog() throws IOException {
    Path bad = Files.writeString(temp.resolve("bad.cu"), "int x = y;\n");
    Cli.Outcome outcome = bench(bad);
    assertThat(outcome.code()).isEqualTo(BAD_INPUT);
    assertThat(outcome.err()).startsWith("error: bad.cu does not compile with NVRTC ");
    assertThat(outcome.err().lines().skip(1)).anyMatch(line -> line.startsWith("bad.cu"));
  }

  @Test
  void wrongUseIsRefusedBeforeTheDeviceIsOpened() {
    bench(EXAMPLE, "--block", "100").refused(WRONG_USE, "a block of 100 threads");
    bench(EXAMPLE, "--block", "128,x").refused(WRONG_USE, "must be a whole number");
    bench(EXAMPLE, "--history", temp).refused(WRONG_USE, "cannot write", "--history");
    bench(EXAMPLE, "--json", temp.resolve("x.json")).refused(WRONG_USE, "not with --json");
    Cli.run("bench", "--candidate", EXAMPLE).refused(WRONG_USE, "goes with bench kernels");
    Cli.run("bench", "kernels", "--op", "minmax").refused(WRONG_USE, "--candidate");
    Cli.run("bench", "kernels", "--candidate", EXAMPLE, "--op", "conv")
        .refused(WRONG_USE, "there is no --op \"conv\"; use one of: perturb_and_mask");
    bench(EXAMPLE, "--device", "cpu").refused(DEVICE, "a GPU is named by its number");
    bench(EXAMPLE, "--device", "cuda:7").refused(DEVICE, "there is no cuda:7");
  }
}
