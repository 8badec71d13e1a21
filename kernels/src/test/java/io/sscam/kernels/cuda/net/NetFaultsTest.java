package io.sscam.kernels.cuda.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.engine.backend.OutOfDeviceMemoryException;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.contract.NetCases;
import io.sscam.engine.graph.Graph;
import io.sscam.kernels.cuda.driver.CudaFailure;
import io.sscam.kernels.software.SoftwareDevice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What does not go as hoped: memory, capture, algorithms, the file of choices. */
class NetFaultsTest extends FaultyDevice {
  private static final int MOST_ALLOCATIONS = 16;
  private static final int MOST_LAUNCHES = 80;

  /** Modules and argument blocks, loaded once when first wanted. */
  private static final int MOST_KERNELS = 40;

  private final Graph graph = NetCases.everything(11, 13);
  private final Set<String> keep = Set.of("fire", "wide");
  private final float[] pictures = NetBench.pictures(graph, 2);
  private final Map<String, float[]> expected = NetBench.reference(graph, pictures, keep);

  /** Whichever allocation fails: an exception that says so or a net that works, and no leak. */
  @ParameterizedTest
  @CudaPrecisions
  void anAllocationFails(Precision precision) {
    int failed = 0;
    for (int n = 1; n <= MOST_ALLOCATIONS; n++) {
      SoftwareDevice.fail("cuMemAlloc", n, 2);
      try {
        compute(precision);
      } catch (OutOfDeviceMemoryException e) {
        failed++;
        assertThat(e).hasMessageContaining("bytes");
      } finally {
        SoftwareDevice.fail("cuMemAlloc", Integer.MAX_VALUE, 0);
      }
      assertThat(bench.live.get()).as("live bytes after allocation %d failed", n).isZero();
    }
    assertThat(failed).isBetween(4, MOST_ALLOCATIONS - 1);
    compute(precision);
  }

  /** A launch fails while weights are converted, ways are tried or the run is recorded. */
  @ParameterizedTest
  @CsvSource({"FP32, true", "FP16, true", "FP16, false"})
  void aLaunchFails(Precision precision, boolean measured) {
    boolean oneByOne = false;
    boolean again = false;
    int failed = 0;
    if (measured) {
      compute(precision); // from then on only whole nets are recorded, not what is measured
    }
    for (int n = 1; n <= MOST_LAUNCHES; n++) {
      SoftwareDevice.fail("cuLaunchKernel", n, 719);
      try {
        long before = SoftwareDevice.calls("cuStreamBeginCapture");
        oneByOne |= compute(precision).stream().anyMatch(line -> line.contains("no graph"));
        again |= SoftwareDevice.calls("cuStreamBeginCapture") - before > 1;
      } catch (CudaFailure e) {
        failed++;
        assertThat(e).hasMessageContaining("cuLaunchKernel");
      } finally {
        SoftwareDevice.fail("cuLaunchKernel", Integer.MAX_VALUE, 0);
      }
      assertThat(bench.live.get()).as("live bytes after launch %d failed", n).isZero();
    }
    assertThat(oneByOne).as("a net without a graph").isFalse();
    assertThat(again || !measured).as("a recording that was spoiled is made again").isTrue();
    assertThat(failed).isBetween(0, MOST_LAUNCHES - 1);
    compute(precision);
  }

  /** Whatever a call answers once: an exception of ours or the right result, and nothing left. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "cuMemAllocHost",
        "cuStreamCreate",
        "cuEventCreate",
        "cuModuleLoadData",
        "cuStreamBeginCapture",
        "cuStreamEndCapture",
        "cuGraphInstantiate",
        "cudnnCreateTensorDescriptor",
        "cudnnCreateFilterDescriptor",
        "cudnnCreateConvolutionDescriptor",
        "cudnnCreateActivationDescriptor",
        "cudnnCreatePoolingDescriptor",
        "cudnnGetConvolutionForwardWorkspaceSize",
        "cudnnFindConvolutionForwardAlgorithmEx",
        "cudnnConvolutionBiasActivationForward",
        "cudnnPoolingForward",
        "cublasGemmEx"
      })
  void aCallFails(String call) {
    long objects = SoftwareDevice.liveObjects();
    for (int n : new int[] {1, 2, 3, 6, 10}) {
      SoftwareDevice.fail(call, n, 999);
      try {
        compute(n % 2 == 0 ? Precision.FP16 : Precision.FP32);
      } catch (CudaFailure e) {
        assertThat(e.status()).isEqualTo(999);
      } finally {
        SoftwareDevice.fail(call, Integer.MAX_VALUE, 0);
      }
      assertThat(bench.live.get()).as("live bytes after %s %d failed", call, n).isZero();
    }
    compute(Precision.FP16);
    assertThat(SoftwareDevice.liveObjects()).isLessThanOrEqualTo(objects + MOST_KERNELS);
  }

  /** What a library never does, the next way does. */
  @ParameterizedTest
  @CsvSource({
    "cudnnConvolutionBiasActivationForward, then bias_residual_relu",
    "cudnnFindConvolutionForwardAlgorithmEx, fused",
    "cudnnPoolingForward, maxpool: kernel max_pool",
    "cuStreamBeginCapture, no graph",
    "cuStreamEndCapture, no graph",
    "cuGraphInstantiate, no graph"
  })
  void aCallNeverWorks(String call, String described) {
    for (Precision precision : NetBench.PRECISIONS) {
      SoftwareDevice.fail(call, 0, 801);
      assertThat(compute(precision)).anyMatch(line -> line.contains(described));
      SoftwareDevice.fail(call, Integer.MAX_VALUE, 0);
    }
  }

  private List<String> compute(Precision precision) {
    try (DeviceWeights weights = bench.load(graph, precision);
        CudaNet net = bench.compile(weights, 2, keep)) {
      bench.upload(net, graph, pictures);
      net.run(2);
      Map<String, float[]> actual = bench.results(net, graph, keep, 2);
      expected.forEach(
          (label, values) ->
              NetBench.near(label, actual.get(label), values, CudaNetTest.budget(precision)));
      return net.describe();
    }
  }

  /** The choices of one process serve the next, also with another batch beside. */
  @ParameterizedTest
  @CudaPrecisions
  void choicesAreKept(Precision precision) throws IOException {
    assertThat(compute(precision)).noneMatch(line -> line.contains("as measured before"));
    Path file = bench.tools.algorithms().file();
    String first = Files.readString(file, StandardCharsets.ISO_8859_1);
    bench.close();
    bench = new NetBench(cache);
    List<String> second = compute(precision);
    assertThat(second)
        .filteredOn(line -> line.contains("algorithm"))
        .isNotEmpty()
        .allMatch(line -> line.contains("as measured before"));
    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).isEqualTo(first);
  }

  /** Every way in which a choice of another build may not fit; it is measured anew. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "3 fused direct", // no such algorithm for these
        "7 fused scratch",
        "0 plain direct", // into a slice, where our kernel cannot follow
        "0 fused direct", // without a ReLU, which cuDNN refuses
        "0 plain scratch", // no slice to copy to
        "1 plain direct default" // no other arithmetic in float32
      })
  void choicesThatDoNotFitAreReplaced(String way) throws IOException {
    compute(Precision.FP32);
    Path file = bench.tools.algorithms().file();
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    Files.writeString(file, text.replaceAll("= [0-7] .*", "= " + way), StandardCharsets.ISO_8859_1);
    bench.close();
    bench = new NetBench(cache);
    compute(Precision.FP32);
  }

  /** Concats by way of scratch and a copy, and epilogues of our own, also where cuDNN can do it. */
  @ParameterizedTest
  @CudaPrecisions
  void plainWaysGiveTheSame(Precision precision) throws IOException {
    compute(precision);
    Path file = bench.tools.algorithms().file();
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    String scratch =
        text.replaceAll(
            "(?m)^(.* of \\d+ at \\d+ kernel.*) = .*?( default)?$", "$1 = 1 plain scratch$2");
    String plain = scratch.replaceAll("(?m)= [0-7] .* direct( default)?$", "= 1 plain direct$1");
    assertThat(plain).contains("plain scratch").contains("plain direct").doesNotContain("fused");
    Files.writeString(file, plain, StandardCharsets.ISO_8859_1);
    bench.close();
    bench = new NetBench(cache);
    assertThat(compute(precision))
        .anyMatch(line -> line.contains("then copied into the concat"))
        .filteredOn(line -> line.contains("algorithm"))
        .allMatch(line -> line.contains("bias_residual_relu") && line.contains("before"));
  }

  @Test
  void aCacheThatCannotBeWrittenChangesNothing() throws IOException {
    Files.createDirectories(bench.tools.algorithms().file().resolve("occupied"));
    compute(Precision.FP32);
    compute(Precision.FP32);
  }

  @Test
  void missingAndMisshapenWeightsLeaveNothing() {
    Graph other = NetCases.all().get("linear on linear");
    assertThatThrownBy(
            () ->
                DeviceWeights.load(
                    bench.context,
                    bench.modules,
                    graph,
                    NetCases.weights(other),
                    Precision.FP16,
                    bench.live))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("stem.weight");
  }
}
