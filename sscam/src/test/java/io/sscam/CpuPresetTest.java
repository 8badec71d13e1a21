package io.sscam;

import io.sscam.engine.backend.Backends;

/** Every preset and option on the CPU. */
class CpuPresetTest extends PresetContract {
  CpuPresetTest() {
    super(Backends.open("cpu", 2));
  }
}
