package io.sscam.kernels.cuda.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.engine.Shape;
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
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the vendor's libraries refuse, lack memory for or cannot count, and what becomes of it. */
class LibraryRefusalsTest extends FaultyDevice {

  private List<String> compile(Precision precision) {
    Graph graph = NetCases.everything(11, 13);
    try (DeviceWeights weights = bench.load(graph, precision);
        CudaNet net = bench.compile(weights, 2, Set.of())) {
      return net.describe();
    }
  }

  /** A graph that cannot be made is done without, in measuring and in running. */
  @Test
  void aGraphThatHasNoMemoryIsDoneWithout() {
    SoftwareDevice.fail("cuGraphInstantiate", 0, 2);
    assertThat(compile(Precision.FP32)).anyMatch(line -> line.contains("no graph"));
  }

  /** Then fewer pictures may do, so it is told apart from what never works. */
  @ParameterizedTest
  @CsvSource({
    "cudnnGetConvolutionForwardWorkspaceSize, 4004, stem",
    "cudnnCreateTensorDescriptor, 4004, cudnnCreateTensorDescriptor()",
    "cublasGemmEx, 3, cublasGemmEx",
    "cuModuleLoadData, 2, cuModuleLoadData"
  })
  void aLibraryLacksMemory(String call, int status, String said) {
    SoftwareDevice.fail(call, 0, status);
    assertThatThrownBy(() -> compile(Precision.FP32))
        .isInstanceOf(OutOfDeviceMemoryException.class)
        .hasMessageContaining(said);
  }

  @Test
  void aRefusalIsNotTakenForALackOfRoom() {
    SoftwareDevice.fail("cudnnGetConvolutionForwardWorkspaceSize", 0, 3000);
    assertThatThrownBy(() -> compile(Precision.FP32))
        .isInstanceOf(CudaFailure.class)
        .hasMessageContaining("no algorithm runs")
        .hasMessageContaining("CUDNN_STATUS_NOT_SUPPORTED (3000)");
  }

  /** The tensor cores want even numbers of channels; the graph has layers with odd ones. */
  @Test
  void whatTheTensorCoresRefuseGoesWithoutThem() throws IOException {
    assertThat(compile(Precision.FP16))
        .anyMatch(line -> line.contains(", without tensor cores"))
        .anyMatch(line -> line.contains("algorithm") && !line.contains("without tensor cores"));
    Path file = bench.tools.algorithms().file();
    assertThat(Files.readAllLines(file, StandardCharsets.ISO_8859_1))
        .filteredOn(line -> line.endsWith(" default"))
        .isNotEmpty();
  }

  @Test
  void moreElementsThanCudnnCountsAreALackOfMemory() {
    Operand value = Operand.packed(Shape.of(1 << 10, 1 << 10, 1 << 10), false, false);
    try (Descriptors descriptors = new Descriptors()) {
      assertThat(descriptors.tensor(value, 1)).isNotNull();
      assertThatThrownBy(() -> descriptors.tensor(value, 2))
          .isInstanceOf(OutOfDeviceMemoryException.class)
          .hasMessageContaining("more elements than cuDNN takes");
    }
  }
}
