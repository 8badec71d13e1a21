package io.sscam;

import io.sscam.kernels.software.SoftwareDevice;

/** Every preset and option on CUDA: the software device, or with REQUIRE_CUDA=1 a GPU. */
class CudaPresetTest extends PresetContract {
  CudaPresetTest() {
    super(SoftwareDevice.open());
  }
}
