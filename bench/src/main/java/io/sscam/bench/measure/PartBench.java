package io.sscam.bench.measure;

import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Precision;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** The parts of the benchmarks, in this process. */
public final class PartBench implements Suite.Runner {
  private final Backend backend;
  private final Precision precision;
  private final Group wanted;
  private final Effort effort;
  private final IntFunction<Backend> open;
  private final Consumer<String> progress;

  /**
   * Prepares them.
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

  @Override
  public void check(Part part) {
    progress.accept("checking " + part.title());
    switch (part) {
      case CEILINGS, FEWER_THREADS ->
          throw new IllegalArgumentException(part.title() + " are checked while they are measured");
      case KERNELS -> new KernelBench(backend, effort).verify();
      case NETS -> new NetBench(backend, precision, effort).verify();
      case SSCAM -> new SscamBench(backend, precision, effort).verify();
    }
  }

  @Override
  public Recorder run(Part part, String round, Recorder soFar) {
    progress.accept("measuring " + part.title() + ", " + round);
    switch (part) {
      case CEILINGS -> new Ceilings(backend, effort).run(soFar);
      case FEWER_THREADS -> new Ceilings(backend, effort).scaling(open, soFar);
      case KERNELS -> new KernelBench(backend, effort).run(soFar);
      case NETS -> new NetBench(backend, precision, effort).run(wanted, soFar);
      case SSCAM -> new SscamBench(backend, precision, effort).run(soFar);
    }
    return soFar;
  }
}
