package io.sscam.bench.measure;

import io.sscam.engine.backend.Device;
import io.sscam.engine.backend.Precision;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The benchmarks of one device, in several rounds. */
public final class Suite {
  private final Device device;
  private final Precision precision;
  private final Group wanted;
  private final boolean quick;
  private final Effort effort;
  private final Map<String, String> environment;

  /** Measures one part of the benchmarks. */
  public interface Runner {
    /**
     * Compares what a part times with the reference.
     *
     * @throws WrongResultException if the device computes something wrong
     */
    void check(Part part) throws IOException;

    /**
     * Measures a part once.
     *
     * @param round in words, such as "round 1 of 2"
     * @param soFar what the parts and rounds before found
     * @return that and what was found now
     */
    Recorder run(Part part, String round, Recorder soFar) throws IOException;
  }

  /**
   * Prepares the benchmarks.
   *
   * @param precision of the nets
   * @param version of this program, for the record
   */
  public Suite(Device device, Precision precision, Group wanted, boolean quick, String version) {
    this(device, precision, wanted, quick, version, Effort.of(quick));
  }

  Suite(
      Device device,
      Precision precision,
      Group wanted,
      boolean quick,
      String version,
      Effort effort) {
    this.device = device;
    this.precision = precision;
    this.wanted = wanted;
    this.quick = quick;
    this.effort = effort;
    this.environment = Environment.of(device, precision.id(), version);
  }

  /** The facts that the result will carry. */
  public Map<String, String> environment() {
    return environment;
  }

  /**
   * Runs all that is wanted, and the ceilings in any case.
   *
   * @throws IOException if the runner has files, and cannot use them
   */
  public BenchResult run(Runner runner) throws IOException {
    List<Part> parts =
        Arrays.stream(Part.values()).filter(part -> part.isIn(wanted, device)).toList();
    Recorder recorder = new Recorder();
    double began = seconds();
    for (Part part : parts) {
      if (part.isChecked()) {
        runner.check(part);
      }
    }
    double last = 0;
    for (int round = 1; round <= effort.rounds(); round++) {
      double start = seconds();
      if (round > 1) {
        if (start - began + last > effort.deadline()) {
          recorder.note(
              "only %d of %d rounds: the machine is slow or busy, and the spread may be understated"
                  .formatted(round - 1, effort.rounds()));
          break;
        }
        recorder.nextRound();
      }
      for (Part part : parts) {
        recorder = runner.run(part, "round %d of %d".formatted(round, effort.rounds()), recorder);
      }
      last = seconds() - start;
    }
    return result(recorder);
  }

  private static double seconds() {
    return System.nanoTime() * 1e-9;
  }

  private BenchResult result(Recorder recorder) {
    List<Measurement> rows = recorder.measurements();
    if (wanted.includes(Group.KERNELS)) {
      KernelBench.fusion(rows).forEach(recorder::note);
    }
    if (wanted.includes(Group.SSCAM)) {
      Growth.verdicts(recorder.ownSpreads()).forEach(recorder::note);
    }
    return new BenchResult(
        quick, environment, Ceilings.roof(rows, precision), rows, recorder.notes());
  }
}
