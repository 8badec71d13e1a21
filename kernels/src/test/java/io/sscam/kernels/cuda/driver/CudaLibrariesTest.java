package io.sscam.kernels.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.sscam.kernels.ChildJvm;
import io.sscam.kernels.software.SoftwareDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Libraries that are missing or broken, each time in a JVM of its own: a line with the mend. */
class CudaLibrariesTest {
  private static final List<String> ALL =
      List.of("libcuda.so.1", "libcublas.so.12", "libcudnn.so.9", "libnvrtc.so.12");

  @TempDir Path folder;

  @BeforeEach
  void copyTheSoftwareLibraries() throws IOException {
    assumeFalse(SoftwareDevice.realDevice(), "libraries are broken on the software device only");
    for (String name : ALL) {
      Files.copy(SoftwareDevice.folder().resolve(name), folder.resolve(name));
    }
  }

  private Path file(VendorLibrary library) {
    return folder.resolve(library.sonames().get(0));
  }

  /** Through the property, as a user would; what is broken lies in the first folder. */
  private ChildJvm.Outcome load(String... properties) throws Exception {
    List<String> all = new ArrayList<>(List.of(properties));
    all.add("sscam.cuda.path=" + folder);
    return ChildJvm.run(LoadLibraries.class, all);
  }

  private static String line(ChildJvm.Outcome outcome) {
    assertThat(outcome.exitCode()).as(outcome.output()).isEqualTo(4);
    List<String> lines =
        outcome.output().lines().filter(line -> line.startsWith("unavailable: ")).toList();
    assertThat(lines).as(outcome.output()).hasSize(1);
    return lines.get(0);
  }

  @Test
  void allAreLoadedFromTheFolderThatIsNamed() throws Exception {
    ChildJvm.Outcome outcome = load();
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    for (VendorLibrary library : VendorLibrary.values()) {
      assertThat(outcome.output()).contains(library + " " + file(library));
    }
    assertThat(outcome.output()).contains("compiler true", "devices 1");
  }

  /** Before cuDNN asks for them by name alone, when others might be found. */
  @Test
  void cudnnsPartsAreLoadedFromItsOwnFolder() throws Exception {
    Path part = folder.resolve("libcudnn_graph.so.9");
    Files.copy(file(VendorLibrary.CUDNN), part);
    garbage(folder.resolve("libcudnn_ops.so.9"), 10_000);
    ChildJvm.Outcome outcome = load();
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output().lines().filter(line -> line.startsWith("part ")))
        .containsExactly("part " + part);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NVRTC")
  void aMissingLibraryIsNamedWithItsMend(VendorLibrary library) throws Exception {
    Files.delete(file(library));
    // In this folder only: the machine may have the library elsewhere.
    String line = line(ChildJvm.run(LoadLibraries.class, List.of(), folder.toString()));
    assertThat(line)
        .contains(library.title() + " is missing", library.mend(), "SSCAM_CUDA_PATH")
        .contains(library.sonames());
  }

  @Test
  void withoutNvrtcOnlyTheCompilerIsMissing() throws Exception {
    Files.delete(file(VendorLibrary.NVRTC));
    ChildJvm.Outcome outcome = ChildJvm.run(LoadLibraries.class, List.of(), folder.toString());
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output()).contains("NVRTC null", "compiler false", "devices 1");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NVRTC")
  void garbageIsNamedWithItsPathAndTheMend(VendorLibrary library) throws Exception {
    garbage(file(library), 10_000);
    assertThat(line(load()))
        .contains(library.title() + " at " + file(library), "does not load", library.mend())
        .contains("SSCAM_CUDA_PATH");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 100})
  void aCutOffLibraryIsNamedToo(int length) throws Exception {
    byte[] whole = Files.readAllBytes(file(VendorLibrary.CUDNN));
    Files.write(file(VendorLibrary.CUDNN), Arrays.copyOf(whole, length));
    assertThat(line(load())).contains("cuDNN at " + file(VendorLibrary.CUDNN), "does not load");
  }

  @Test
  void garbageForNvrtcLeavesTheRestUsable() throws Exception {
    garbage(file(VendorLibrary.NVRTC), 10_000);
    ChildJvm.Outcome outcome = load();
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output()).contains("compiler false", "devices 1");
  }

  @Test
  void cublassSisterThatDoesNotLoadIsNamed() throws Exception {
    Path sister = folder.resolve("libcublasLt.so.12");
    garbage(sister, 10_000);
    assertThat(line(load())).contains("cuBLAS at " + sister, "does not load");
  }

  /** A library of the right name that lacks what JCuda's natives were linked against. */
  @Test
  void aLibraryWithoutTheVersionThatIsNeededIsALine() throws Exception {
    Files.copy(
        file(VendorLibrary.CUDNN), file(VendorLibrary.CUBLAS), StandardCopyOption.REPLACE_EXISTING);
    assertThat(line(load())).contains("JCublas2", "libcublas.so.12");
  }

  private static void garbage(Path file, int length) throws IOException {
    byte[] bytes = new byte[length];
    new Random(5).nextBytes(bytes);
    Files.write(file, bytes);
  }
}
