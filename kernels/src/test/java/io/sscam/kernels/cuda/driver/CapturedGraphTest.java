package io.sscam.kernels.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.sscam.kernels.software.SoftwareDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Capture and replay; whatever breaks a capture, the stream and the device are as before. */
class CapturedGraphTest {
  private DriverFixture device;
  private DeviceMemory memory;

  @BeforeEach
  void open() {
    device = new DriverFixture();
    memory = device.memory(16);
    Copies.fill32(device.stream, memory.address(), 0, 4);
  }

  @AfterEach
  void close() {
    memory.close();
    device.close();
  }

  private void fill(int word, int value) {
    Copies.fill32(device.stream, memory.address() + 4L * word, value, 1);
  }

  private int[] words() {
    return device.read(memory.address(), 4);
  }

  @Test
  void itIsRecordedWithoutRunningAndRunsWhenLaunched() {
    try (CapturedGraph graph =
        CapturedGraph.capture(
            device.stream,
            () -> {
              fill(1, 5);
              Copies.between(device.stream, memory.address() + 4, memory.address() + 12, 4);
            })) {
      assertThat(words()).containsExactly(0, 0, 0, 0);
      assertThat(graph.nodes()).isEqualTo(2);
      for (int time = 0; time < 2; time++) {
        Copies.fill32(device.stream, memory.address(), 0, 4);
        graph.launch(device.stream);
        assertThat(words()).containsExactly(0, 5, 0, 5);
      }
    }
  }

  /** What a replay reads is read anew, so that an upload between two has effect. */
  @Test
  void aReplayReadsWhatIsThereThen() {
    try (CapturedGraph graph =
        CapturedGraph.capture(
            device.stream,
            () -> Copies.between(device.stream, memory.address(), memory.address() + 4, 4))) {
      fill(0, 8);
      graph.launch(device.stream);
      assertThat(words()).containsExactly(8, 8, 0, 0);
      fill(0, 9);
      graph.launch(device.stream);
      assertThat(words()).containsExactly(9, 9, 0, 0);
    }
  }

  /** The arguments are those of the time of the capture. */
  @Test
  void aKernelIsReplayedWithItsArguments() {
    try (CudaModule module = device.module("gaussian_noise");
        Kernel kernel = new Kernel(device.context, module, "gaussian_noise");
        CapturedGraph graph =
            CapturedGraph.capture(device.stream, () -> noise(kernel, memory.address(), 3))) {
      noise(kernel, memory.address() + 12, 1);
      graph.launch(device.stream);
      int[] replayed = words();
      Copies.fill32(device.stream, memory.address(), 0, 3);
      noise(kernel, memory.address(), 3);
      assertThat(replayed).containsExactly(words());
      assertThat(replayed).doesNotContain(0);
    }
  }

  private void noise(Kernel kernel, long address, int n) {
    kernel.begin().i64(1).i32(2).i32(3).pointer(address).i64(n);
    kernel.launch(device.stream, 1, 1, 1, 256, 0);
  }

  @Test
  void anEmptyCaptureIsAGraphOfNothing() {
    try (CapturedGraph graph = CapturedGraph.capture(device.stream, () -> {})) {
      assertThat(graph.nodes()).isZero();
      graph.launch(device.stream);
      device.stream.synchronise();
    }
  }

  @Test
  void anExceptionInTheWorkComesThroughAndTheStreamIsUsable() {
    IllegalStateException thrown = new IllegalStateException("work");
    assertThatThrownBy(
            () ->
                CapturedGraph.capture(
                    device.stream,
                    () -> {
                      fill(0, 1);
                      throw thrown;
                    }))
        .isSameAs(thrown);
    usable();
  }

  /** An error leaves the stream no more in a capture than an exception. */
  @Test
  void anErrorInTheWorkComesThroughAndTheStreamIsUsable() {
    AssertionError thrown = new AssertionError("work");
    assertThatThrownBy(
            () ->
                CapturedGraph.capture(
                    device.stream,
                    () -> {
                      throw thrown;
                    }))
        .isSameAs(thrown);
    usable();
  }

  /** Waiting cannot be recorded and breaks a capture. */
  @Test
  void waitingBreaksTheCaptureAndTheStreamIsUsable() {
    assertThatThrownBy(
            () ->
                CapturedGraph.capture(
                    device.stream,
                    () -> {
                      fill(0, 1);
                      device.stream.synchronise();
                    }))
        .isInstanceOf(CudaFailure.class)
        .hasMessageStartingWith("cuStreamSynchronize(): CUDA_ERROR_STREAM_CAPTURE_");
    usable();
  }

  /** The work may have passed over its failure: the end of the capture still tells. */
  @Test
  void aBrokenCaptureIsNoGraphEvenIfTheWorkGoesOn() {
    assertThatThrownBy(
            () ->
                CapturedGraph.capture(
                    device.stream,
                    () -> {
                      try {
                        device.stream.synchronise();
                      } catch (CudaFailure e) {
                        fill(0, 1);
                      }
                    }))
        .isInstanceOf(CudaFailure.class);
    usable();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cuStreamBeginCapture", "cuStreamEndCapture", "cuGraphInstantiate"})
  void aCallThatFailsLeavesNothing(String call) {
    assumeFalse(SoftwareDevice.realDevice());
    long objects = SoftwareDevice.liveObjects();
    SoftwareDevice.fail(call, 1, 999);
    assertThatThrownBy(() -> CapturedGraph.capture(device.stream, () -> fill(0, 1)))
        .isInstanceOf(CudaFailure.class)
        .hasMessageStartingWith(call + "(): CUDA_ERROR_UNKNOWN");
    assertThat(SoftwareDevice.liveObjects()).isEqualTo(objects);
    usable();
  }

  @Test
  void aLaunchThatFailsIsAFailureAndTheNextWorks() {
    assumeFalse(SoftwareDevice.realDevice());
    try (CapturedGraph graph = CapturedGraph.capture(device.stream, () -> fill(0, 4))) {
      SoftwareDevice.fail("cuGraphLaunch", 1, 719);
      assertThatThrownBy(() -> graph.launch(device.stream))
          .hasMessageStartingWith("cuGraphLaunch(): CUDA_ERROR_LAUNCH_FAILED");
      assertThat(words()).containsExactly(0, 0, 0, 0);
      graph.launch(device.stream);
      assertThat(words()).containsExactly(4, 0, 0, 0);
    }
  }

  @Test
  void aGraphThatIsClosedIsNotLaunched() {
    CapturedGraph graph = CapturedGraph.capture(device.stream, () -> fill(0, 4));
    graph.close();
    assertThatThrownBy(() -> graph.launch(device.stream))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("graph was used after");
    assertThatThrownBy(graph::nodes).isInstanceOf(IllegalStateException.class);
  }

  /** Work is done at once again, and a new capture is possible. */
  private void usable() {
    assertThat(words()).containsExactly(0, 0, 0, 0);
    fill(2, 6);
    assertThat(words()).containsExactly(0, 0, 6, 0);
    try (CapturedGraph graph = CapturedGraph.capture(device.stream, () -> fill(2, 7))) {
      assertThat(words()).containsExactly(0, 0, 6, 0);
      graph.launch(device.stream);
      assertThat(words()).containsExactly(0, 0, 7, 0);
    }
  }
}
