package io.sscam.kernels.cuda.lab;

import io.sscam.kernels.cuda.driver.KernelResources;
import java.util.List;

/**
 * What was measured.
 *
 * @param device the hardware and the libraries in words
 * @param compiler NVRTC's version
 * @param operation which
 * @param sizes on what, in words
 * @param bytes that a call must read and write at least
 * @param log the compiler's remarks; empty if the code came from the cache
 * @param rows the project's own kernel first, then the candidate in blocks of each size
 */
public record LabResult(
    String device,
    String compiler,
    Operation operation,
    String sizes,
    double bytes,
    String log,
    List<Row> rows) {
  /** Takes a copy of the rows. */
  public LabResult {
    rows = List.copyOf(rows);
  }

  /**
   * One kernel.
   *
   * @param name {@code built-in}, or of the candidate's file
   * @param block threads of a block
   * @param resources what it takes of a multiprocessor
   * @param seconds of one call, a median a round
   */
  public record Row(String name, int block, KernelResources resources, List<Double> seconds) {
    /** Takes a copy of the times. */
    public Row {
      seconds = List.copyOf(seconds);
    }
  }
}
