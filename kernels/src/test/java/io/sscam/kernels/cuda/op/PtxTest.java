package io.sscam.kernels.cuda.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jcuda.nvptxcompiler.JNvPTXCompiler;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The PTX in the resources is that of the sources, and every architecture served can run it. */
class PtxTest {
  private static final Path ROOT = Path.of(System.getProperty("sscam.root"), "kernels");
  private static final Path SOURCES = ROOT.resolve("src/main/java/io/sscam/kernels/cuda/op");
  private static final Path PTX = ROOT.resolve("src/main/resources/io/sscam/kernels/ptx");
  private static final List<String> ARCHITECTURES = List.of("sm_75", "sm_80", "sm_86", "sm_90");
  private static final Pattern KERNEL = Pattern.compile("(?:EMU_KERNEL|PERTURB)\\((\\w+)");
  private static final Pattern INCLUDE = Pattern.compile("#include \"(\\w+\\.cuh)\"");

  @TempDir private static Path natives;

  /** JCuda unpacks its natives to java.io.tmpdir; here to a folder of this test's own. */
  @BeforeAll
  static void loadTheCompiler() throws ClassNotFoundException {
    String before = System.getProperty("java.io.tmpdir");
    System.setProperty("java.io.tmpdir", natives.toString());
    try {
      Class.forName(JNvPTXCompiler.class.getName());
    } finally {
      System.setProperty("java.io.tmpdir", before);
    }
  }

  static List<String> operations() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".cu"))
          .map(name -> name.substring(0, name.length() - 3))
          .sorted()
          .toList();
    }
  }

  @Test
  void thereIsOneOfEachSourceAndNoOther() throws IOException {
    assertThat(operations()).hasSizeGreaterThan(10);
    try (Stream<Path> files = Files.list(PTX)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              operations().stream().map(name -> name + ".ptx").toList());
    }
  }

  /** Needs no compiler: the first line tells from which sources it was made. */
  @ParameterizedTest
  @MethodSource("operations")
  void itIsOfTodaysSources(String operation) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(Files.readAllBytes(SOURCES.resolve(operation + ".cu")));
    for (String header : headers(operation)) {
      digest.update(Files.readAllBytes(SOURCES.resolve(header)));
    }
    String hash = HexFormat.of().formatHex(digest.digest());
    assertThat(ptx(operation))
        .as("%s.cu has changed since kernels/ptx.sh was run", operation)
        .startsWith("// sources " + hash + " ");
  }

  /** What the source includes, and what that includes, in the order of their names. */
  private static Set<String> headers(String operation) throws IOException {
    String source = Files.readString(SOURCES.resolve(operation + ".cu"));
    Set<String> headers = new TreeSet<>(Set.of("common.cuh"));
    INCLUDE.matcher(source).results().forEach(found -> headers.add(found.group(1)));
    return headers;
  }

  @ParameterizedTest
  @MethodSource("operations")
  void itHoldsEveryKernelOfItsSource(String operation) throws IOException {
    Matcher kernel = KERNEL.matcher(Files.readString(SOURCES.resolve(operation + ".cu")));
    List<String> names =
        kernel.results().map(found -> found.group(1)).filter(name -> !name.equals("name")).toList();
    assertThat(names).isNotEmpty();
    assertThat(entries(ptx(operation))).containsExactlyInAnyOrderElementsOf(names);
  }

  /** The bytes of each parameter, in their order: what the launchers write. */
  @ParameterizedTest
  @CsvSource({
    "upsample_bilinear, 8444844",
    "minmax, 8488",
    "upsampled_minmax, 8444448",
    "masked_minmax, 8884444448",
    "normalize, 88488",
    "gaussian_noise, 84488",
    "mask_multiply, 88488",
    "gather_score, 8448448 88",
    "reduce_scores, 8444488",
    "softmax, 8448",
    "weighted_sum_relu, 888 4444 8",
    "nchw_f32_to_nhwc_f16, 844848",
    "nhwc_f16_to_nchw_f32, 844848",
    "f32_to_f16, 888",
    "max_pool_nchw_f32, 8 4444 444 8 4444",
    "max_pool_nhwc_f16, 8 4444 444 8 4444",
    "adaptive_avg_pool_nchw_f32, 8 4444 8 44",
    "adaptive_avg_pool_nhwc_f16, 8 4444 8 44",
    "global_avg_pool_nhwc_f16_to_f32, 84488",
    "bias_residual_relu_nchw_f32, 8884484",
    "bias_residual_relu_nhwc_f16, 8884484",
    "bias_relu_rows_f32, 88444",
    "bias_relu_rows_f16, 88444",
    "copy_channels_nchw_f32, 8448844",
    "copy_channels_nhwc_f16, 8448844",
    "add, 8888",
    "relu_gradient, 8888",
    "max_pool_gradient, 88 444 444 44 8",
    "average_pool_gradient, 8 444 44 8",
    "perturb_and_mask_none_nchw_f32, 8888 44444 88 44 8",
    "perturb_and_mask_masked_input_nchw_f32, 8888 44444 88 44 8",
    "perturb_and_mask_mask_nchw_f32, 8888 44444 88 44 8",
    "perturb_and_mask_none_nhwc_f16, 8888 44444 88 44 8",
    "perturb_and_mask_masked_input_nhwc_f16, 8888 44444 88 44 8",
    "perturb_and_mask_mask_nhwc_f16, 8888 44444 88 44 8"
  })
  void parametersAreThoseOfTheLaunchers(String kernel, String bytes) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String operation : operations()) {
      all.append(ptx(operation));
    }
    Matcher entry = Pattern.compile("\\.entry " + kernel + "\\(([^)]*)\\)").matcher(all);
    assertThat(entry.find()).as("%s is there", kernel).isTrue();
    String found =
        Pattern.compile("\\.param \\.[usbf](32|64)")
            .matcher(entry.group(1))
            .results()
            .map(parameter -> parameter.group(1).equals("64") ? "8" : "4")
            .collect(Collectors.joining());
    assertThat(found).isEqualTo(bytes.replace(" ", ""));
  }

  /** PTX 7.0 is what driver 525 loads; a spill would mean that a kernel is out of registers. */
  @ParameterizedTest
  @MethodSource("operations")
  void everyArchitectureAssemblesIt(String operation) throws IOException {
    String ptx = ptx(operation);
    assertThat(ptx).contains(".version 7.0\n").contains(".target sm_75\n");
    for (String architecture : ARCHITECTURES) {
      String log = assemble(ptx, architecture);
      assertThat(log).contains("registers");
      Matcher spills = Pattern.compile("(\\d+) bytes spill").matcher(log);
      assertThat(spills.results().map(found -> found.group(1)).collect(Collectors.toSet()))
          .as("%s on %s:%n%s", operation, architecture, log)
          .isSubsetOf("0");
    }
  }

  /** Where the compiler that made them is at hand, it must make the same again. */
  @Test
  void theCompilerMakesTheSameAgain(@TempDir Path out) throws Exception {
    String made = ptx("softmax").lines().findFirst().orElseThrow().replaceFirst(".* nvcc ", "");
    Optional<String> here = nvccRelease();
    assumeTrue(
        here.equals(Optional.of(made)),
        () -> "the PTX is of nvcc " + made + ", here is " + here.orElse("none"));
    Process script =
        new ProcessBuilder(ROOT.resolve("ptx.sh").toString(), out.toString()).inheritIO().start();
    assertThat(script.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(script.exitValue()).isZero();
    for (String operation : operations()) {
      assertThat(out.resolve(operation + ".ptx"))
          .hasSameTextualContentAs(PTX.resolve(operation + ".ptx"));
    }
  }

  private static Optional<String> nvccRelease() throws InterruptedException {
    try {
      Process nvcc = new ProcessBuilder("nvcc", "--version").start();
      String text = new String(nvcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      nvcc.waitFor();
      Matcher release = Pattern.compile("release ([0-9.]+)").matcher(text);
      return release.find() ? Optional.of(release.group(1)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String ptx(String operation) throws IOException {
    try (InputStream in =
        PtxTest.class.getResourceAsStream("/io/sscam/kernels/ptx/" + operation + ".ptx")) {
      if (in == null) {
        throw new AssertionError("no PTX of " + operation);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static List<String> entries(String ptx) {
    return Pattern.compile("\\.entry (\\w+)\\(")
        .matcher(ptx)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  /** Compiles for one architecture and gives back what the compiler says of registers. */
  private static String assemble(String ptx, String architecture) {
    byte[] text = ptx.getBytes(StandardCharsets.UTF_8);
    byte[] terminated = Arrays.copyOf(text, text.length + 1);
    nvPTXCompilerHandle compiler = new nvPTXCompilerHandle();
    assertThat(JNvPTXCompiler.nvPTXCompilerCreate(compiler, text.length, terminated)).isZero();
    try {
      String[] options = {"--gpu-name=" + architecture, "--verbose", "--warn-on-spills"};
      int status = JNvPTXCompiler.nvPTXCompilerCompile(compiler, options.length, options);
      long[] size = new long[1];
      if (status != 0) {
        JNvPTXCompiler.nvPTXCompilerGetErrorLogSize(compiler, size);
        byte[] log = new byte[(int) size[0] + 1];
        JNvPTXCompiler.nvPTXCompilerGetErrorLog(compiler, log);
        throw new AssertionError(architecture + ": " + new String(log, StandardCharsets.UTF_8));
      }
      JNvPTXCompiler.nvPTXCompilerGetInfoLogSize(compiler, size);
      byte[] log = new byte[(int) size[0] + 1];
      JNvPTXCompiler.nvPTXCompilerGetInfoLog(compiler, log);
      return new String(log, StandardCharsets.UTF_8);
    } finally {
      JNvPTXCompiler.nvPTXCompilerDestroy(compiler);
    }
  }
}
