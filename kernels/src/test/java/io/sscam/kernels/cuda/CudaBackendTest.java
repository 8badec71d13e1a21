package io.sscam.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.engine.backend.Backend;
import io.sscam.engine.contract.BackendContract;
import io.sscam.kernels.software.SoftwareDevice;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The CUDA backend keeps the contract: on the software device, or with REQUIRE_CUDA=1 on a GPU. */
class CudaBackendTest extends BackendContract {

  @BeforeAll
  static void device() {
    SoftwareDevice.install();
  }

  @Override
  protected Backend open(int threads) {
    return SoftwareDevice.open();
  }

  /** SPEC.md's budget on a GPU. */
  @Override
  protected double noiseTolerance(double z) {
    return 1e-6 * Math.max(1, Math.abs(z));
  }

  @AfterAll
  static void nothingWentBeyondItsMemory() {
    if (!SoftwareDevice.realDevice()) {
      assertThat(SoftwareDevice.complaints()).isEmpty();
    }
  }
}
