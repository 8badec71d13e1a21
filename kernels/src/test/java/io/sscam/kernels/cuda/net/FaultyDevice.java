package io.sscam.kernels.cuda.net;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.sscam.kernels.software.SoftwareDevice;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A software device for tests that order faults; whoever closes it finds what was left behind. */
abstract class FaultyDevice {
  @TempDir Path cache;
  NetBench bench;

  @BeforeEach
  void open() {
    assumeFalse(SoftwareDevice.realDevice(), "faults are made by the software device");
    bench = new NetBench(cache);
  }

  @AfterEach
  void close() {
    if (bench != null) {
      bench.close();
    }
  }
}
