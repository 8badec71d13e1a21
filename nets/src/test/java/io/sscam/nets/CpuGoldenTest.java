package io.sscam.nets;

import io.sscam.engine.backend.Backends;

/** The CPU backend against torchvision, all three nets. */
class CpuGoldenTest extends GoldenContract {
  CpuGoldenTest() {
    super(Backends.open("cpu", 2));
  }
}
