package io.sscam;

import io.sscam.kernels.software.SoftwareDevice;

/** Closing at any time on CUDA: the software device, or with REQUIRE_CUDA=1 a GPU. */
class CudaClosingTest extends ClosingContract {
  CudaClosingTest() {
    super(SoftwareDevice.open());
  }
}
