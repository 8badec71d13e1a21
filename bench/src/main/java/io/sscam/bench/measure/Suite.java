package io.sscam.bench.measure;

import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** Runs the benchmarks of one device: results first checked, then timed in several rounds. */
public final class Suite {
  private final Backend backend;
  private final Precision precision;
  private final Group wanted;
  private final boolean quick;
  private final Effort effort;
  private final Map<String, String> environment;

  /**
   * Prepares the benchmarks.
   *
   * @param backend stays the caller's
   * @param precision of the nets
   * @param version of this program, for the record
   */
  public Suite(Backend backend, Precision precision, Group wanted, boolean quick, String version) {
    this(backend, precision, wanted, quick, version, quick ? Effort.quick() : Effort.full());
  }

  Suite(
      Backend backend,
      Precision precision,
      Group wanted,
      boolean quick,
      String version,
      Effort effort) {
    this.backend = backend;
    this.precision = precision;
    this.wanted = wanted;
    this.quick = quick;
    this.effort = effort;
    this.environment = Environment.of(backend.device(), precision.id(), version);
  }

  /** The facts that the result will carry. */
  public Map<String, String> environment() {
    return environment;
  }

  /**
   * Runs all that is wanted, and the ceilings in any case.
   *
   * @param open opens the same device with another number of threads
   * @param progress is told what is being done
   * @throws WrongResultException if the device computes something wrong
   * @throws IllegalArgumentException if it does not compute in the precision
   */
  public BenchResult run(IntFunction<Backend> open, Consumer<String> progress) {
    backend.require(precision);
    Recorder recorder = new Recorder();
    Ceilings ceilings = new Ceilings(backend, effort);
    KernelBench kernels = new KernelBench(backend, effort);
    NetBench nets = new NetBench(backend, precision, effort);
    SscamBench sscam = new SscamBench(backend, precision, effort);
    List<Part> parts = new ArrayList<>();
    parts.add(new Part("ceilings", () -> {}, () -> ceilings.run(recorder)));
    if (wanted.includes(Group.CEILINGS)) {
      parts.add(new Part("fewer threads", () -> {}, () -> ceilings.scaling(open, recorder)));
    }
    if (wanted.includes(Group.KERNELS)) {
      parts.add(new Part("kernels", kernels::verify, () -> kernels.run(recorder)));
    }
    if (wanted.includes(Group.NETS) || wanted.includes(Group.LAYERS)) {
      parts.add(new Part("nets", nets::verify, () -> nets.run(wanted, recorder)));
    }
    if (wanted.includes(Group.SSCAM)) {
      parts.add(new Part("sscam", sscam::verify, () -> sscam.run(recorder)));
    }
    rounds(parts, recorder, progress);
    return result(recorder);
  }

  private void rounds(List<Part> parts, Recorder recorder, Consumer<String> progress) {
    double began = seconds();
    for (Part part : parts) {
      progress.accept("checking " + part.name);
      part.verify.run();
    }
    double last = 0;
    for (int round = 1; round <= effort.rounds(); round++) {
      double start = seconds();
      if (round > 1 && start - began + last > effort.deadline()) {
        recorder.note(
            "only %d of %d rounds: the machine is slow or busy, and the spread may be understated"
                .formatted(round - 1, effort.rounds()));
        return;
      }
      for (Part part : parts) {
        progress.accept(
            "measuring %s, round %d of %d".formatted(part.name, round, effort.rounds()));
        part.run.run();
      }
      last = seconds() - start;
    }
  }

  private static double seconds() {
    return System.nanoTime() * 1e-9;
  }

  private record Part(String name, Runnable verify, Runnable run) {}

  private BenchResult result(Recorder recorder) {
    List<Measurement> rows = recorder.measurements();
    if (wanted.includes(Group.KERNELS)) {
      KernelBench.fusion(rows).forEach(recorder::note);
    }
    if (wanted.includes(Group.SSCAM)) {
      Growth.verdicts(rows).forEach(recorder::note);
    }
    return new BenchResult(
        quick, environment, Ceilings.roof(rows, precision), rows, recorder.notes());
  }
}
