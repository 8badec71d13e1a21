package io.sscam.kernels.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.sscam.kernels.ChildJvm;
import io.sscam.kernels.software.SoftwareDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import jcuda.JCudaVersion;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What JCuda's natives leave in the temporary folder, and what may lie there before. */
class NativesTest {
  @TempDir private Path temporary;
  @TempDir private Path broken;

  @BeforeEach
  void softwareDevice() {
    assumeFalse(SoftwareDevice.realDevice(), "libraries are broken on the software device only");
  }

  /** In a JVM with that temporary folder; libraries of the first folder come first. */
  private static ChildJvm.Outcome load(Path temporary, Path... libraries) throws Exception {
    List<String> folders = Stream.of(libraries).map(Path::toString).toList();
    return ChildJvm.run(
        LoadLibraries.class,
        List.of("java.io.tmpdir=" + temporary, "sscam.cuda.path=" + String.join(":", folders)));
  }

  @Test
  void nothingIsLeftOnceTheyAreLoaded() throws Exception {
    ChildJvm.Outcome outcome = load(temporary, SoftwareDevice.folder());
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output()).contains("compiler true", "devices 1");
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void nothingIsLeftIfOneOfThemDoesNotLoad() throws Exception {
    garbage(broken.resolve("libcudnn.so.9"), 100);
    ChildJvm.Outcome outcome = load(temporary, broken, SoftwareDevice.folder());
    assertThat(outcome.exitCode()).as(outcome.output()).isEqualTo(4);
    assertThat(outcome.output()).contains("cuDNN at " + broken, "does not load");
    assertThat(temporary).isEmptyDirectory();
  }

  /** Where JCuda's own loader would take them, other processes may have left anything. */
  @Test
  void whatLiesThereUnderJcudasNamesIsNotLoaded() throws Exception {
    List<Path> traps =
        Stream.of("JCudaDriver", "JCudaRuntime", "JCublas2", "JCudnn", "JNvrtc")
            .map(name -> "lib" + name + "-" + JCudaVersion.get() + "-linux-x86_64.so")
            .map(temporary::resolve)
            .toList();
    for (Path trap : traps) {
      garbage(trap, 5_000);
    }
    ChildJvm.Outcome outcome = load(temporary, SoftwareDevice.folder());
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output()).contains("compiler true", "devices 1");
    try (Stream<Path> files = Files.list(temporary)) {
      assertThat(files).as("nothing came or went").containsExactlyInAnyOrderElementsOf(traps);
    }
    assertThat(traps).allSatisfy(trap -> assertThat(trap).hasSize(5_000));
  }

  @Test
  void aFolderThatCannotBeWrittenIsALine() throws Exception {
    Path absent = temporary.resolve("absent");
    ChildJvm.Outcome outcome = load(absent, SoftwareDevice.folder());
    assertThat(outcome.exitCode()).as(outcome.output()).isEqualTo(4);
    assertThat(outcome.output())
        .contains("unavailable: JCuda's natives cannot be unpacked", absent.toString());
  }

  private static void garbage(Path file, int length) throws IOException {
    byte[] bytes = new byte[length];
    new Random(5).nextBytes(bytes);
    Files.write(file, bytes);
  }
}
