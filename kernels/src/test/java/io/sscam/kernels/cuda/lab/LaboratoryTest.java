package io.sscam.kernels.cuda.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sscam.kernels.cuda.driver.CudaLibraries;
import io.sscam.kernels.software.SoftwareDevice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Candidates that are right and candidates that are wrong, each in its own way. */
class LaboratoryTest {
  private static final Path EXAMPLES = Path.of(System.getProperty("sscam.root"), "docs", "kernels");

  private static final String MULTIPLY =
      """
      extern "C" __global__ void mask_multiply(
          const float* mask, const float* image, int C, long long hw, float* out) {
        long long step = (long long)gridDim.x * blockDim.x;
        for (int c = blockIdx.y; c < C; c += gridDim.y)
          for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < hw; i += step)
            out[c * hw + i] = mask[i] * image[c * hw + i];
      }
      """;

  @TempDir private Path cache;

  @BeforeEach
  void install() {
    SoftwareDevice.install();
    assumeTrue(CudaLibraries.load().hasCompiler(), "NVRTC is not installed here");
    if (!SoftwareDevice.realDevice()) {
      SoftwareDevice.reset();
    }
  }

  @AfterEach
  void nothingIsLeft() {
    if (!SoftwareDevice.realDevice()) {
      assertThat(SoftwareDevice.liveBytes()).as("bytes on the device").isZero();
      assertThat(SoftwareDevice.liveObjects()).as("objects").isZero();
      SoftwareDevice.reset();
    }
  }

  private LabResult run(Candidate candidate, Operation operation, Integer... blocks) {
    try (Laboratory laboratory = Laboratory.open("cuda:0", cache)) {
      return laboratory.run(candidate, operation, List.of(blocks), true, step -> {});
    }
  }

  private AbstractThrowableAssert<?, ? extends Throwable> multiplying(String text) {
    return assertThatThrownBy(() -> run(new Candidate("my.cu", text), Operation.MASK_MULTIPLY, 96))
        .isInstanceOf(CandidateException.class);
  }

  private static void timed(LabResult result, int... blocks) {
    assertThat(result.rows()).hasSize(1 + blocks.length);
    assertThat(result.rows().get(0).name()).isEqualTo("built-in");
    assertThat(result.rows().get(0).block()).isEqualTo(256);
    for (int i = 0; i < blocks.length; i++) {
      assertThat(result.rows().get(1 + i).block()).isEqualTo(blocks[i]);
    }
    for (LabResult.Row row : result.rows()) {
      assertThat(row.seconds()).hasSize(5).allMatch(seconds -> seconds > 0 && seconds < 100);
      assertThat(row.resources().registers()).isPositive();
      assertThat(row.resources().occupancy()).isGreaterThan(0).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void aRightCandidateIsTimedInBlocksOfEachSize() {
    List<String> steps = new ArrayList<>();
    LabResult result;
    try (Laboratory laboratory = Laboratory.open("cuda:0", cache)) {
      result =
          laboratory.run(
              new Candidate("my.cu", MULTIPLY),
              Operation.MASK_MULTIPLY,
              List.of(96, 1024),
              true,
              steps::add);
    }
    timed(result, 96, 1024);
    assertThat(result.sizes()).isEqualTo("3×512×512");
    assertThat(result.bytes()).isEqualTo(4.0 * 7 * 512 * 512); // a mask, three read, three written
    assertThat(steps)
        .containsExactly(
            "compiling my.cu", "checking blocks of 96", "checking blocks of 1024", "timing");
    if (!SoftwareDevice.realDevice()) {
      assertThat(SoftwareDevice.complaints()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"minmax_1.cu", "minmax_2.cu", "minmax_3.cu"})
  void theExamplesOfTheManualAreRight(String file) {
    timed(run(Candidate.read(EXAMPLES.resolve(file)), Operation.MINMAX, 96, 256), 96, 256);
  }

  /** The project's own kernels, which the candidates' launcher and sizes must suit. */
  @ParameterizedTest
  @CsvSource({
    "PERTURB_AND_MASK, perturb_and_mask_masked_input_nchw_f32",
    "MASK_MULTIPLY, mask_multiply",
    "UPSAMPLE_BILINEAR, upsample_bilinear",
    "MINMAX, minmax"
  })
  void theProjectsOwnSourceIsARightCandidate(Operation operation, String function) {
    Path source =
        Path.of(
            System.getProperty("sscam.root"),
            "kernels/src/main/java/io/sscam/kernels/cuda/op",
            operation.id() + ".cu");
    String text = Candidate.read(source).text();
    if (!function.equals(operation.id())) {
      String parameters = operation.signature().replaceFirst(".*\\(", "(");
      String names = parameters.replaceAll("[^,(]*[ *](\\w+)([,)])", "$1$2");
      text +=
          operation.signature()
              + " { perturb<MASKED_INPUT, float>"
              + names.replaceFirst("out\\)", "(float*)out)")
              + "; }\n";
    }
    timed(run(new Candidate("own.cu", text), operation, 64), 64);
  }

  @Test
  void aWrongElementIsNamedWithSizeAndBothValues() {
    multiplying(MULTIPLY.replace("mask[i] *", "mask[i] * mask[0] *"))
        .hasMessageMatching(
            "my.cu is wrong: mask_multiply on 1×1×1 in blocks of 96: element 0 is -?0\\.\\d+,"
                + " expected -?0\\.\\d+ \\(± \\S+ allowed\\)");
    multiplying(MULTIPLY.replace("i < hw", "i < hw - (hw > 64)"))
        .hasMessageContaining("on 2×5×13 in blocks of 96: element 64 is left unwritten");
    multiplying(MULTIPLY.replace("mask[i] *", "0.0f / 0.0f *"))
        .hasMessageContaining("element 0 is NaN, expected");
  }

  @Test
  void aStoreBesideTheOutputIsFound() {
    multiplying(MULTIPLY.replace("i < hw", "i <= hw").replace("mask[i]", "mask[i < hw ? i : 0]"))
        .hasMessageMatching(".* wrong: .*: it writes \\d elements behind its output's last");
    multiplying(MULTIPLY.replace("out[c * hw + i] =", "out[-3] = out[c * hw + i] ="))
        .hasMessageContaining("it writes 3 elements before its output");
  }

  @Test
  void aNanInAMapMustBecomeOne() {
    String text = Candidate.read(EXAMPLES.resolve("minmax_1.cu")).text();
    Candidate deaf = new Candidate("deaf.cu", text.replace("low != low || low < v", "!(v < low)"));
    assertThatThrownBy(() -> run(deaf, Operation.MINMAX))
        .isInstanceOf(CandidateException.class)
        .hasMessageContaining("minmax on 7×1×3 in blocks of 256: element 12 is")
        .hasMessageContaining("expected NaN");
  }

  @Test
  void aCompileErrorIsToldInTheFilesOwnLines() {
    multiplying(MULTIPLY.replace("mask[i] *", "masque[i] *"))
        .hasMessageMatching("my.cu does not compile with NVRTC \\d+\\.\\d+")
        .isInstanceOfSatisfying(
            CandidateException.class,
            e -> assertThat(e.log()).contains("masque").containsPattern("my\\.cu[:(]6"));
  }

  @Test
  void anotherNameOrSignatureIsOneLine() {
    String signature = Operation.MASK_MULTIPLY.signature();
    for (String missing :
        List.of(MULTIPLY.replace("void mask_multiply", "void multiply"), "int nothing;\n")) {
      multiplying(missing)
          .hasMessage("my.cu has no entry point; declare it as " + signature)
          .hasMessageContaining("int C, long long hw");
    }
    multiplying(MULTIPLY.replace("extern \"C\"", "")).hasMessageContaining("has no entry point");
    multiplying(MULTIPLY.replace("int C, long long hw", "long long hw, int C"))
        .hasMessage("my.cu has another signature; declare it as " + signature);
  }

  @Test
  void aFaultIsTheCandidates() {
    assumeTrue(!SoftwareDevice.realDevice(), "a fault ends the device's context for all tests");
    SoftwareDevice.fail("mask_multiply", 1, 700);
    multiplying(MULTIPLY)
        .hasMessageStartingWith("my.cu faults: mask_multiply on 1×1×1 in blocks of 96")
        .hasMessageContaining("CUDA_ERROR_ILLEGAL_ADDRESS");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -32, 100, 1056})
  void aBlockThatCannotBeIsRefused(int block) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Laboratory.requireBlocks(List.of(128, block)))
        .withMessage("a block of " + block + " threads: name multiples of 32 from 32 to 1024");
    Laboratory.requireBlocks(List.of(32, 96, 1024));
  }
}
