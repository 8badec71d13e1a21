package io.sscam;

import io.sscam.engine.backend.Backends;

/** Closing at any time on the CPU. */
class CpuClosingTest extends ClosingContract {
  CpuClosingTest() {
    super(Backends.open("cpu", 2));
  }
}
