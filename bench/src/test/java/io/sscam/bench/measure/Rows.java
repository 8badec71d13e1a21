package io.sscam.bench.measure;

import java.util.List;
import java.util.Map;

/** Rows and results made by hand. */
final class Rows {
  private Rows() {}

  static Measurement timed(
      String name, double median, double low, double high, double bytes, double flops) {
    return new Measurement(
        name, Group.KERNELS, "8×8", median, low, high, bytes, flops, 0, Measurement.SECONDS);
  }

  /** A ceiling's row without spread. */
  static Measurement ceiling(String name, double seconds) {
    return new Measurement(
        name, Group.CEILINGS, "8 MiB", seconds, seconds, seconds, 0, 0, 0, Measurement.SECONDS);
  }

  /** A net's row: one picture takes {@code seconds}. */
  static Measurement net(int batch, double seconds) {
    return new Measurement(
        "resnet18",
        Group.NETS,
        "batch " + batch,
        seconds * batch,
        seconds * batch,
        seconds * batch,
        1e6,
        3.6e9 * batch,
        batch,
        Measurement.SECONDS);
  }

  static Measurement share(String name, double percent) {
    return new Measurement(
        name,
        Group.SSCAM,
        "N = 2",
        percent,
        percent - 1,
        percent + 2,
        0,
        0,
        0,
        Measurement.PERCENT);
  }

  /** Ceilings of 10 GB/s and 100 GFLOP/s. */
  static BenchResult result(Measurement... rows) {
    return new BenchResult(
        true,
        Map.of("device", "cpu", "hardware", "a CPU", "precision", "fp32", "threads", "2"),
        new Roof(10e9, 100e9, 100e9),
        List.of(rows),
        List.of("a note"));
  }
}
