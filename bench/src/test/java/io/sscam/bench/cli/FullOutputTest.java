package io.sscam.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results that the disk has no room for, in a process of its own. */
final class FullOutputTest {
  @TempDir private Path temp;

  @Test
  void whatDidNotArriveIsAFailure() throws Exception {
    File full = new File("/dev/full"); // a device of Linux that takes nothing
    assumeTrue(full.exists(), "there is no /dev/full here");
    Path stderr = temp.resolve("stderr");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "weights",
                "list")
            .redirectOutput(full)
            .redirectError(stderr.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(stderr)).contains("error: what was printed did not all arrive");
    assertThat(process.exitValue()).isEqualTo(ExitCode.WRONG_USE);
  }
}
