package io.sscam.kernels.cuda.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.engine.backend.OutOfDeviceMemoryException;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.contract.NetCases;
import io.sscam.engine.graph.Graph;
import io.sscam.kernels.cuda.driver.CudaFailure;
import io.sscam.kernels.software.SoftwareDevice;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What does not go as hoped on the way back: nothing is left, or the gradient is right. */
class BackwardFaultsTest extends FaultyDevice {
  private static final int MOST_ALLOCATIONS = 48;
  private static final String LABEL = "block";

  private final Graph graph = NetCases.everything(11, 13);
  private final float[] picture = NetBench.pictures(graph, 1);
  private final float[] expected = GradientBench.reference(graph, picture, LABEL, 3).get(0);

  /** Float16 differs where a ReLU or a maximum does, which is another test's business. */
  private List<String> compute(Precision precision) {
    GradientBench.Outcome outcome =
        GradientBench.compute(bench, graph, precision, picture, LABEL, 3);
    if (precision == Precision.FP32) {
      NetBench.near(LABEL, outcome.gradients().get(0), expected, 1e-5);
    }
    return outcome.description();
  }

  /** How often {@code call} is made while all goes well. */
  private long calls(String call, Precision precision) {
    long before = SoftwareDevice.calls(call);
    compute(precision);
    return SoftwareDevice.calls(call) - before;
  }

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
    assertThat(failed).isBetween(8, MOST_ALLOCATIONS - 1);
    compute(precision);
  }

  @ParameterizedTest
  @CudaPrecisions
  void aLaunchFails(Precision precision) {
    int failed = 0;
    compute(precision);
    long launches = calls("cuLaunchKernel", precision);
    for (int n = 1; n <= launches; n++) {
      SoftwareDevice.fail("cuLaunchKernel", n, 719);
      try {
        compute(precision);
      } catch (CudaFailure e) {
        failed++;
        assertThat(e).hasMessageContaining("cuLaunchKernel");
      } finally {
        SoftwareDevice.fail("cuLaunchKernel", Integer.MAX_VALUE, 0);
      }
      assertThat(bench.live.get()).as("live bytes after launch %d failed", n).isZero();
    }
    assertThat(failed).isPositive();
    compute(precision);
  }

  /** Whatever a call answers once: an exception of ours or the right result, and nothing left. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "cuMemsetD32Async",
        "cuMemcpyDtoDAsync",
        "cuStreamBeginCapture",
        "cuStreamEndCapture",
        "cuGraphInstantiate",
        "cudnnCreateTensorDescriptor",
        "cudnnCreateFilterDescriptor",
        "cudnnCreateConvolutionDescriptor",
        "cudnnGetConvolutionBackwardDataWorkspaceSize",
        "cudnnConvolutionBackwardData",
        "cublasGemmEx"
      })
  void aCallFails(String call) {
    for (Precision precision : List.of(Precision.FP32, Precision.FP16)) {
      compute(precision); // loads modules and chooses the forward pass's algorithms
      long objects = SoftwareDevice.liveObjects();
      long calls = calls(call, precision);
      assertThat(calls).isPositive();
      for (int n = 1; n <= calls; n++) {
        SoftwareDevice.fail(call, n, 999);
        try {
          compute(precision);
        } catch (CudaFailure e) {
          assertThat(e.status()).isEqualTo(999);
        } finally {
          SoftwareDevice.fail(call, Integer.MAX_VALUE, 0);
        }
        assertThat(bench.live.get()).as("live bytes after %s %d failed", call, n).isZero();
        assertThat(SoftwareDevice.liveObjects()).as("%s %d", call, n).isEqualTo(objects);
      }
      compute(precision);
    }
  }

  /** The second convolution on the way back is 3×3 of stride 1, for which there is another. */
  @Test
  void theNextAlgorithmIsTaken() {
    assertThat(compute(Precision.FP32)).noneMatch(line -> line.contains("algorithm 4"));
    SoftwareDevice.fail("cudnnConvolutionBackwardData", 2, 3000);
    assertThat(compute(Precision.FP32))
        .anyMatch(line -> line.contains("e3: gradient by cuDNN algorithm 4"));
  }

  @Test
  void noAlgorithmRuns() {
    SoftwareDevice.fail("cudnnConvolutionBackwardData", 0, 3000);
    assertThatThrownBy(() -> compute(Precision.FP32))
        .isInstanceOf(CudaFailure.class)
        .hasMessageContaining("tail")
        .hasMessageContaining("no deterministic algorithm runs")
        .hasMessageContaining("NOT_SUPPORTED");
    SoftwareDevice.fail("cudnnConvolutionBackwardData", Integer.MAX_VALUE, 0);
  }

  @Test
  void withoutGraphsTheStepsAreLaunchedOneByOne() {
    SoftwareDevice.fail("cuStreamBeginCapture", 0, 801);
    assertThat(compute(Precision.FP32)).anyMatch(line -> line.contains("no graph"));
    SoftwareDevice.fail("cuStreamBeginCapture", Integer.MAX_VALUE, 0);
  }
}
