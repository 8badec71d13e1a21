package io.sscam.bench.measure;

import io.sscam.engine.backend.Precision;

/**
 * The two ceilings of the roofline model (Williams, Waterman & Patterson, CACM 52(4), 2009): what
 * memory and arithmetic of this machine do at best.
 *
 * @param bytesPerSecond of the best copy or triad over memory
 * @param flopsPerSecond of the best matrix product in fp32
 * @param netFlopsPerSecond of the best matrix product in the nets' precision
 */
public record Roof(double bytesPerSecond, double flopsPerSecond, double netFlopsPerSecond) {
  /**
   * A row that takes more than twenty times what both ceilings allow is held up by something else.
   */
  private static final double OVERHEAD = 0.05;

  /** What holds a row up. */
  enum Limit {
    BANDWIDTH,
    COMPUTE,
    /** Neither: calls, launches, waiting for one another, latency. */
    OVERHEAD
  }

  /** The arithmetic ceiling for rows of a group. */
  double flopsPerSecond(Group group) {
    return group == Group.KERNELS ? flopsPerSecond : netFlopsPerSecond;
  }

  /**
   * The time that the ceilings allow as a share of the time taken: 1 is a row on the roof, more
   * than 1 one that works in the caches or does fewer operations than are counted.
   */
  double share(Measurement row) {
    return Math.max(bandwidthShare(row), computeShare(row));
  }

  /** What limits a row. */
  Limit limit(Measurement row) {
    if (!(share(row) >= OVERHEAD)) {
      return Limit.OVERHEAD;
    }
    return bandwidthShare(row) >= computeShare(row) ? Limit.BANDWIDTH : Limit.COMPUTE;
  }

  private double bandwidthShare(Measurement row) {
    return row.bytesPerSecond() / bytesPerSecond;
  }

  private double computeShare(Measurement row) {
    return row.flopsPerSecond() / flopsPerSecond(row.group());
  }

  /** Bytes of an element of weights and activations. */
  static int bytes(Precision precision) {
    return switch (precision) {
      case FP32, TF32 -> Float.BYTES;
      case FP16, BF16 -> Short.BYTES;
    };
  }
}
