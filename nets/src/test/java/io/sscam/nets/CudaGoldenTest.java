package io.sscam.nets;

import io.sscam.kernels.software.SoftwareDevice;
import java.util.List;

/** CUDA against torchvision: the software device, or with REQUIRE_CUDA=1 a GPU. */
class CudaGoldenTest extends GoldenContract {
  CudaGoldenTest() {
    super(SoftwareDevice.open());
  }

  /** The plain convolutions of the software device take a minute for VGG-16. */
  @Override
  List<Network> nets() {
    return SoftwareDevice.realDevice()
        ? Network.all()
        : List.of(new ResNet18(), new SqueezeNet1_0());
  }

  @Override
  List<Network> netsInBatches() {
    return SoftwareDevice.realDevice() ? Network.all() : List.of(new SqueezeNet1_0());
  }
}
