package io.sscam.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C in the middle, in a process of its own. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no signals to send")
final class InterruptTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path temp;

  @Test
  void ctrlCLeavesNoFileAndAPipeShowsNoProgress() throws Exception {
    Path out = Files.createDirectory(temp.resolve("out"));
    Path stdout = temp.resolve("stdout");
    Path stderr = temp.resolve("stderr");
    Process process =
        start(
            stdout,
            stderr,
            "explain",
            "--samples",
            "100000",
            "--out",
            out.toString(),
            Pictures.good(temp, "photo.png").toString());
    try {
      await(
          () -> {
            assertThat(process.isAlive()).as(Files.readString(stderr)).isTrue();
            return Files.readString(stderr).contains("demo model");
          });
      // A bar would show by now; a second is a small part of a run of minutes.
      assertThat(process.waitFor(1, TimeUnit.SECONDS)).as("ended early").isFalse();
      interrupt(process);
    } finally {
      process.destroyForcibly();
    }
    assertThat(Cli.files(out)).isEmpty();
    assertThat(stdout).isEmptyFile();
    assertThat(Files.readString(stderr)).doesNotContain("\r", "\u001b", "masks", "\tat ");
  }

  /** The terminal sends Ctrl-C to both processes; here only the first hears of it. */
  @Test
  void whatBenchStartedEndsWithIt() throws Exception {
    Path stderr = temp.resolve("stderr");
    Process process = start(temp.resolve("stdout"), stderr, "bench", "kernels");
    await(() -> process.children().findAny().isPresent());
    ProcessHandle part = process.children().findAny().orElseThrow();
    try {
      interrupt(process);
      // Java may have to start first, or to wait for its compiler; all checks take 25 s and more.
      part.onExit().get(10, TimeUnit.SECONDS);
    } finally {
      process.destroyForcibly();
      part.destroyForcibly();
    }
    assertThat(Files.readString(stderr)).doesNotContain("error:", "\tat ");
    assertThat(Cli.files(temp)).noneMatch(name -> name.startsWith("sscam-bench-"));
  }

  private Process start(Path stdout, Path stderr, String... args) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-Djava.io.tmpdir=" + temp,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(args));
    return new ProcessBuilder(command)
        .redirectOutput(new File(stdout.toString()))
        .redirectError(new File(stderr.toString()))
        .start();
  }

  private static void interrupt(Process process) throws IOException, InterruptedException {
    boolean ignored = ignoresInterrupt(process.pid());
    kill(process.pid(), ignored ? "TERM" : "INT");
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(ignored ? 143 : 130);
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("waited in vain").isLessThan(end);
      Thread.sleep(50);
    }
  }

  private static void kill(long pid, String signal) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start();
    assertThat(kill.waitFor()).isZero();
  }

  /** A build that a shell runs in the background hands on that Ctrl-C is not for it. */
  private static boolean ignoresInterrupt(long pid) throws IOException {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    if (!Files.exists(status)) {
      return false;
    }
    String mask =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .findFirst()
            .orElse("SigIgn:\t0")
            .substring(7)
            .strip();
    return (Long.parseUnsignedLong(mask, 16) & 2) != 0;
  }
}
