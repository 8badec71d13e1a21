package io.sscam.kernels.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sscam.engine.backend.BackendUnavailableException;
import io.sscam.kernels.software.SoftwareDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kernels that are compiled at run time, and the cache of what was compiled. */
class RuntimeCompilerTest {
  private static final String TEXT =
      """
      #include "twice.cuh"
      extern "C" __global__ void scale(float* x) { x[threadIdx.x] = twice(x[threadIdx.x]); }
      """;
  private static final String HEADER = "__device__ float twice(float v) { return v + v; }\n";

  @TempDir Path folder;
  private RuntimeCompiler compiler;
  private long compilations;

  @BeforeEach
  void open() {
    SoftwareDevice.install();
    assumeTrue(CudaLibraries.load().hasCompiler(), "NVRTC is not installed here");
    compiler = new RuntimeCompiler(new CubinCache(folder));
    if (!SoftwareDevice.realDevice()) {
      SoftwareDevice.reset();
    }
  }

  private static RuntimeCompiler.Source source(String text, String header) {
    return RuntimeCompiler.Source.of("scale.cu", text, Map.of("twice.cuh", header));
  }

  private RuntimeCompiler.Cubin compile(String text, String header, String... options) {
    return compiler.compile(source(text, header), 90, List.of(options));
  }

  /** That the compiler ran so often since the last such check. */
  private void compiled(int times) {
    if (!SoftwareDevice.realDevice()) {
      long calls = SoftwareDevice.calls("nvrtcCompileProgram");
      assertThat(calls - compilations).as("compilations").isEqualTo(times);
      compilations = calls;
    }
  }

  private List<Path> kept() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  void aSourceWithItsHeaderCompilesOnceAndThenComesFromTheCache() throws IOException {
    RuntimeCompiler.Cubin first = compile(TEXT, HEADER);
    assertThat(first.cached()).isFalse();
    assertThat(first.image()).startsWith(0x7f, 'E', 'L', 'F');
    compiled(1);
    RuntimeCompiler.Cubin second = compile(TEXT, HEADER);
    assertThat(second.cached()).isTrue();
    assertThat(second.log()).isEmpty();
    assertThat(second.image()).isEqualTo(first.image());
    compiled(0);
    RuntimeCompiler another = new RuntimeCompiler(new CubinCache(folder));
    assertThat(another.compile(source(TEXT, HEADER), 90, List.of()).cached()).isTrue();
    compiled(0);
    assertThat(kept()).singleElement().asString().endsWith(".cubin");
  }

  @Test
  void anErrorIsToldWithOptionsAndLog() throws IOException {
    String wrong = TEXT.replace("twice(", "thrice(");
    assertThatThrownBy(() -> compile(wrong, HEADER, "--use_fast_math"))
        .isInstanceOf(KernelCompileException.class)
        .hasMessageContainingAll("scale.cu", "--gpu-architecture=sm_90", "--fmad=true")
        .hasMessageContainingAll("--use_fast_math", "thrice");
    compiled(1);
    assertThat(kept()).as("nothing is kept").isEmpty();
    assertThatThrownBy(() -> compile(wrong, HEADER)).isInstanceOf(KernelCompileException.class);
    compiled(1);
  }

  @Test
  void anArchitectureThatTheCompilerDoesNotKnowIsToldWithTheMend() throws IOException {
    assumeFalse(SoftwareDevice.realDevice());
    SoftwareDevice.fail("nvrtcCompileProgram", 1, 5);
    assertThatThrownBy(() -> compile(TEXT, HEADER))
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessageContainingAll("NVRTC 12.6 refuses", "sm_90", VendorLibrary.NVRTC.mend());
    assertThat(kept()).isEmpty();
  }

  @Test
  void aHeaderThatIsNotGivenIsAnError() {
    RuntimeCompiler.Source alone = RuntimeCompiler.Source.of("scale.cu", TEXT, Map.of());
    assertThatThrownBy(() -> compiler.compile(alone, 90, List.of()))
        .isInstanceOf(KernelCompileException.class)
        .hasMessageContaining("twice.cuh");
  }

  @Test
  void whateverTheCodeIsMadeFromIsPartOfTheKey() throws IOException {
    compile(TEXT, HEADER);
    compile(TEXT + "// x\n", HEADER);
    compile(TEXT, HEADER + "// x\n");
    compile(TEXT, HEADER, "--maxrregcount=64");
    compiler.compile(source(TEXT, HEADER), 80, List.of());
    compiler.compile(
        RuntimeCompiler.Source.of("other.cu", TEXT, Map.of("twice.cuh", HEADER)), 90, List.of());
    compiled(6);
    assertThat(kept()).hasSize(6);
  }

  /** Nothing can be moved from one part to its neighbour without another key. */
  @Test
  void theKeyKnowsWhereEachPartEnds() {
    List<String> keys =
        List.of(
            key("a", "b", Map.of("h", "t"), List.of("o"), "12.6"),
            key("ab", "", Map.of("h", "t"), List.of("o"), "12.6"),
            key("a", "b", Map.of("ht", ""), List.of("o"), "12.6"),
            key("a", "b", Map.of("h", "to"), List.of(), "12.6"),
            key("a", "b", Map.of(), List.of("h", "t", "o"), "12.6"),
            key("a", "b", Map.of("h", "t"), List.of("o", ""), "12.6"),
            key("a", "b", Map.of("h", "t"), List.of("o"), "12.7"));
    assertThat(keys).doesNotHaveDuplicates().allMatch(key -> key.matches("[0-9a-f]{64}"));
  }

  private static String key(
      String name, String text, Map<String, String> headers, List<String> options, String nvrtc) {
    return CubinCache.key(RuntimeCompiler.Source.of(name, text, headers), options, nvrtc);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "garbage that is no code", "\u007fEL"})
  void aFileThatIsNoCodeIsIgnoredAndWrittenAnew(String content) throws IOException {
    byte[] image = compile(TEXT, HEADER).image();
    Path file = kept().get(0);
    Files.writeString(file, content);
    compiled(1);
    RuntimeCompiler.Cubin again = compile(TEXT, HEADER);
    assertThat(again.cached()).isFalse();
    compiled(1);
    assertThat(again.image()).isEqualTo(image);
    assertThat(compile(TEXT, HEADER).cached()).isTrue();
    compiled(0);
  }

  /** The head of a file is that of a cubin, the rest is not there or not the same. */
  @Test
  void aFileThatWasCutOffOrChangedIsIgnoredAndWrittenAnew() throws IOException {
    byte[] image = compile(TEXT, HEADER).image();
    Path file = kept().get(0);
    byte[] whole = Files.readAllBytes(file);
    byte[] changed = whole.clone();
    changed[whole.length - 1] ^= 1;
    byte[] longer = Arrays.copyOf(whole, whole.length + 1);
    for (byte[] damaged : List.of(Arrays.copyOf(whole, whole.length - 1), changed, longer)) {
      Files.write(file, damaged);
      RuntimeCompiler.Cubin again = compile(TEXT, HEADER);
      assertThat(again.cached()).isFalse();
      assertThat(again.image()).isEqualTo(image);
      assertThat(file).hasBinaryContent(whole);
    }
    assertThat(compile(TEXT, HEADER).cached()).isTrue();
  }

  @Test
  void aFolderThatCannotBeWrittenIsNoError() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "a file, no folder");
    for (Path bad : List.of(file, file.resolve("below"))) {
      RuntimeCompiler uncached = new RuntimeCompiler(new CubinCache(bad));
      for (int time = 0; time < 2; time++) {
        assertThat(uncached.compile(source(TEXT, HEADER), 90, List.of()).cached()).isFalse();
      }
    }
    compiled(4);
    assertThat(file).hasContent("a file, no folder");
  }

  @Test
  void aFolderInPlaceOfAFileIsNoError() throws IOException {
    compile(TEXT, HEADER);
    Path file = kept().get(0);
    Files.delete(file);
    Files.createDirectories(file.resolve("something"));
    assertThat(compile(TEXT, HEADER).cached()).isFalse();
    assertThat(kept()).as("no temporary file is left").containsExactly(file);
  }

  @Test
  void aCallThatFailsIsAFailureByName() throws IOException {
    assumeFalse(SoftwareDevice.realDevice());
    for (String call : List.of("nvrtcCreateProgram", "nvrtcCompileProgram")) {
      SoftwareDevice.fail(call, 1, 11);
      assertThatThrownBy(() -> compile(TEXT, HEADER))
          .isInstanceOfSatisfying(CudaFailure.class, e -> assertThat(e.status()).isEqualTo(11))
          .hasMessageStartingWith(call + "(): NVRTC_ERROR");
    }
    assertThat(kept()).isEmpty();
  }
}
