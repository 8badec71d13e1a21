package io.sscam.bench.measure;

import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Precision;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * One part of the benchmarks, once: in the first round results are checked before they are timed.
 */
public final class PartBench implements Suite.Runner {
  private final Backend backend;
  private final Precision precision;
  private final Group wanted;
  private final Effort effort;
  private final IntFunction<Backend> open;
  private final Consumer<String> progress;

  /**
   * Prepares a part.
   *
   * @param backend stays the caller's
   * @param precision of the nets
   * @param wanted what of the part was asked for
   * @param open opens the same device with another number of threads
   * @param progress is told what is being done
   */
  public PartBench(
      Backend backend,
      Precision precision,
      Group wanted,
      boolean quick,
      IntFunction<Backend> open,
      Consumer<String> progress) {
    this(backend, precision, wanted, Effort.of(quick), open, progress);
  }

  PartBench(
      Backend backend,
      Precision precision,
      Group wanted,
      Effort effort,
      IntFunction<Backend> open,
      Consumer<String> progress) {
    this.backend = backend;
    this.precision = precision;
    this.wanted = wanted;
    this.effort = effort;
    this.open = open;
    this.progress = progress;
  }

  /**
   * Adds what is measured to what there is.
   *
   * @throws WrongResultException if the device computes something wrong
   */
  @Override
  public Recorder run(Part part, String round, Recorder soFar) {
    switch (part) {
      case CEILINGS -> {
        measuring(part, round);
        new Ceilings(backend, effort).run(soFar);
      }
      case FEWER_THREADS -> {
        measuring(part, round);
        new Ceilings(backend, effort).scaling(open, soFar);
      }
      case KERNELS -> {
        KernelBench kernels = new KernelBench(backend, effort);
        check(part, round, kernels::verify, soFar);
        kernels.run(soFar);
      }
      case NETS -> {
        NetBench nets = new NetBench(backend, precision, effort);
        check(part, round, nets::verify, soFar);
        nets.run(wanted, soFar);
      }
      case SSCAM -> {
        SscamBench sscam = new SscamBench(backend, precision, effort);
        check(part, round, sscam::verify, soFar);
        sscam.run(soFar);
      }
    }
    return soFar;
  }

  /** In the first round: what runs in the others is the same. */
  private void check(Part part, String round, Runnable verify, Recorder soFar) {
    if (soFar.round() == 0) {
      progress.accept("checking " + part.title());
      verify.run();
    }
    measuring(part, round);
  }

  private void measuring(Part part, String round) {
    progress.accept("measuring " + part.title() + ", " + round);
  }
}
