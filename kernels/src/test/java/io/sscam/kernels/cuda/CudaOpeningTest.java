package io.sscam.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.BackendUnavailableException;
import io.sscam.kernels.software.SoftwareDevice;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Opening a GPU by its name: what is refused, why, and that nothing is left then. */
class CudaOpeningTest {
  private final CudaProvider provider = new CudaProvider();

  @BeforeEach
  void install() {
    SoftwareDevice.install();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cuda:", "cuda:x", "cuda:-1", "cuda:00000", "cuda 0", "gpu", ""})
  void aNameThatIsNoneIsRefused(String id) {
    assertThatThrownBy(() -> provider.open(id, 1))
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessageContainingAll("cuda:0", '"' + id + '"');
  }

  @Test
  void aNumberBeyondTheDevicesIsRefusedWithTheOffer() {
    assertThatThrownBy(() -> provider.open("cuda:9999", 1))
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessageContainingAll("there is no cuda:9999", "cuda:0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cuda", "cuda:0"})
  void theFirstOpensUnderBothItsNames(String id) {
    try (Backend backend = provider.open(id, 1)) {
      assertThat(backend.device().id()).isEqualTo("cuda:0");
      assertThat(provider.describe()).anyMatch(line -> line.startsWith("ready: cuda:0, "));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "cuInit, 999, does not start, CUDA_ERROR_UNKNOWN",
    "cuInit, 2, does not start, CUDA_ERROR_OUT_OF_MEMORY",
    "cuDeviceGetCount, 999, does not start, CUDA_ERROR_UNKNOWN",
    "cuDevicePrimaryCtxRetain, 999, does not open, CUDA_ERROR_UNKNOWN",
    "cuDevicePrimaryCtxRetain, 2, does not open, CUDA_ERROR_OUT_OF_MEMORY",
    "cuCtxSetCurrent, 999, does not open, CUDA_ERROR_UNKNOWN",
    "cuMemGetInfo, 999, does not open, CUDA_ERROR_UNKNOWN",
    "cuMemGetInfo, 2, does not open, CUDA_ERROR_OUT_OF_MEMORY"
  })
  void aCallThatFailsIsTheReasonAndLeavesNothing(
      String call, int status, String what, String name) {
    assumeFalse(SoftwareDevice.realDevice(), "faults are made by the software device");
    SoftwareDevice.reset();
    long objects = SoftwareDevice.liveObjects();
    SoftwareDevice.fail(call, 1, status);
    assertThatThrownBy(() -> provider.open("cuda:0", 1))
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessageContainingAll(what, call, name);
    assertThat(SoftwareDevice.liveObjects()).isEqualTo(objects);
    provider.open("cuda:0", 1).close();
    assertThat(SoftwareDevice.liveObjects()).isEqualTo(objects);
  }

  /** Others may have taken all memory of a GPU. */
  @Test
  void aGpuThatIsFullIsDescribedAsBroken() {
    assumeFalse(SoftwareDevice.realDevice(), "faults are made by the software device");
    SoftwareDevice.reset();
    SoftwareDevice.fail("cuDevicePrimaryCtxRetain", 1, 2);
    assertThat(provider.describe())
        .anyMatch(line -> line.startsWith("broken: ") && line.contains("OUT_OF_MEMORY"));
  }
}
