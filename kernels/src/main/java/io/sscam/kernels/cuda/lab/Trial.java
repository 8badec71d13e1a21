package io.sscam.kernels.cuda.lab;

import io.sscam.kernels.cuda.driver.CudaContext;
import io.sscam.kernels.cuda.driver.CudaFailure;
import io.sscam.kernels.cuda.driver.CudaModule;
import io.sscam.kernels.cuda.driver.CudaStream;
import io.sscam.kernels.cuda.driver.Kernel;
import io.sscam.kernels.cuda.driver.KernelResources;
import io.sscam.kernels.cuda.op.OpModules;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A compiled candidate against the reference and against the project's own kernel.
 *
 * @param own the project's kernels
 * @param module the candidate's code
 */
record Trial(
    CudaContext context,
    CudaStream stream,
    OpModules own,
    CudaModule module,
    Candidate candidate,
    Operation operation) {
  private static final int NOT_FOUND = 500;
  private static final int TOO_MANY_RESOURCES = 701;

  /** Illegal or misaligned addresses, illegal instructions, traps, failed assertions, timeouts. */
  private static final Set<Integer> FAULTS = Set.of(700, 702, 710, 714, 715, 716, 717, 718, 719);

  /** One contestant of the timing. */
  private record Contestant(
      String name, int block, KernelResources resources, OpModules modules, List<Double> seconds) {}

  /** Modules to be closed together. */
  private record Opened(List<OpModules> modules) implements AutoCloseable {
    @Override
    public void close() {
      modules.forEach(OpModules::close);
    }
  }

  /**
   * Wants the entry point.
   *
   * @throws CandidateException if it is not there
   */
  void checkEntry() {
    kernel().close();
  }

  private Kernel kernel() {
    try {
      return new Kernel(context, module, operation.id());
    } catch (CudaFailure e) {
      if (e.status() == NOT_FOUND) {
        throw new CandidateException(
            candidate.name() + " has no entry point; declare it as " + operation.signature());
      }
      throw e;
    }
  }

  /** Modules in which the candidate takes the place of the project's kernel. */
  private OpModules exchanged(int block) {
    return OpModules.exchanging(context, operation.function(), kernel(), block);
  }

  private KernelResources resources(OpModules modules) {
    return modules.resources(operation.id(), operation.function());
  }

  /**
   * Compares with the reference on awkward sizes.
   *
   * @throws CandidateException with the size and the first wrong element
   */
  void check(int block) {
    try (OpModules modules = exchanged(block)) {
      int most = resources(modules).maxThreads();
      if (block > most) {
        throw new CandidateException(
            "%s runs in blocks of %d threads at most, not %d: it takes too many registers, or its"
                    .formatted(candidate.name(), most, block)
                + " __launch_bounds__ say so");
      }
      for (Size size : operation.awkward()) {
        Operands in = Operands.of(operation, size, true);
        float[] expected = Expected.of(operation, size, in);
        try (Experiment experiment = new Experiment(context, stream, operation, size, in)) {
          judge(experiment, modules, size, block, expected);
        }
      }
    }
  }

  private void judge(
      Experiment experiment, OpModules modules, Size size, int block, float[] expected) {
    String where = "%s on %s in blocks of %d".formatted(operation.id(), operation.on(size), block);
    String mistake = Verdict.of(words(experiment, modules, where), expected, operation.tolerance());
    if (!mistake.isEmpty()) {
      throw new CandidateException(
          "%s is wrong: %s: %s".formatted(candidate.name(), where, mistake));
    }
  }

  /** What the candidate writes. */
  private int[] words(Experiment experiment, OpModules modules, String where) {
    try {
      experiment.clear();
      experiment.launch(modules);
      return experiment.read();
    } catch (CudaFailure e) {
      if (FAULTS.contains(e.status())) {
        throw new CandidateException(
            "%s faults: %s (%s); does it keep to its operands?"
                .formatted(candidate.name(), where, e.getMessage()));
      }
      if (e.status() == TOO_MANY_RESOURCES) {
        throw new CandidateException(
            "%s does not start: %s (%s); name a smaller --block"
                .formatted(candidate.name(), where, e.getMessage()));
      }
      throw e;
    }
  }

  /**
   * Compares both kernels at the size that is timed, and times them in turns, so that what else the
   * machine does falls on both.
   *
   * @throws CandidateException if the results differ
   */
  List<LabResult.Row> time(List<Integer> blocks, boolean quick) {
    Size size = operation.timed(quick);
    Operands in = Operands.of(operation, size, false);
    try (Opened opened = new Opened(new ArrayList<>());
        Experiment experiment = new Experiment(context, stream, operation, size, in);
        Stopwatch watch = new Stopwatch(stream)) {
      experiment.clear();
      experiment.launch(own);
      float[] expected = Experiment.output(experiment.read());
      List<Contestant> all = new ArrayList<>();
      all.add(contestant("built-in", own));
      for (int block : blocks) {
        OpModules modules = exchanged(block);
        opened.modules.add(modules);
        judge(experiment, modules, size, block, expected);
        all.add(contestant(candidate.name(), modules));
      }
      race(experiment, watch, all, quick);
      return all.stream()
          .map(one -> new LabResult.Row(one.name, one.block, one.resources, one.seconds))
          .toList();
    }
  }

  private Contestant contestant(String name, OpModules modules) {
    return new Contestant(name, modules.block(), resources(modules), modules, new ArrayList<>());
  }

  private static void race(
      Experiment experiment, Stopwatch watch, List<Contestant> all, boolean quick) {
    int rounds = quick ? 5 : 15;
    double each = quick ? 0.005 : 0.03;
    int[] calls =
        all.stream()
            .mapToInt(one -> watch.calls(() -> experiment.launch(one.modules), each))
            .toArray();
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < calls.length; i++) {
        Contestant one = all.get(i);
        one.seconds.add(watch.seconds(() -> experiment.launch(one.modules), calls[i]));
      }
    }
  }
}
