package io.sscam.bench.measure;

import io.sscam.bench.selftest.Finding;
import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.Tensor;
import io.sscam.engine.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Every operation on maps, over a table of sizes. */
final class KernelBench {
  /** Rounding of one float32 operation chain, as in the self-test. */
  private static final double BUDGET = 1e-5;

  private final Backend backend;
  private final Effort effort;
  private final Timer timer;
  private final double rotated;

  KernelBench(Backend backend, Effort effort) {
    this.backend = backend;
    this.effort = effort;
    this.timer = new Timer(effort);
    // On the CPU the loop's own operands stay in the caches too: that is what it is built for.
    this.rotated = backend.device().id().equals("cpu") ? 0 : Rotation.BEYOND_CACHES;
  }

  /**
   * Compares the first elements of every result, at the very sizes that are timed, with the
   * reference's.
   *
   * @throws WrongResultException if one is wrong
   */
  void verify() {
    Backend reference = new ReferenceBackend(Runtime.getRuntime().availableProcessors());
    for (MapSize size : effort.sizes()) {
      int maps = (int) Math.max(1, effort.checked() / size.pixels());
      for (KernelCase operation : KernelCase.all()) {
        MapSize part = operation.perMap() ? size.withMaps(maps) : size;
        float[] expected = compute(reference, operation, part, Integer.MAX_VALUE);
        float[] actual = compute(backend, operation, size, expected.length);
        WrongResultException.check(
            operation.name() + " at " + size,
            Finding.error(actual, expected, Float.MIN_NORMAL),
            BUDGET);
      }
    }
  }

  private static float[] compute(Backend device, KernelCase operation, MapSize size, int most) {
    try (Session session = device.openSession();
        Arena arena = session.arena("check")) {
      KernelCase.Call call = operation.setup().on(new Workbench(session, arena), size);
      call.run().run();
      Tensor result = call.result();
      float[] values = new float[(int) Math.min(most, result.shape().elements())];
      session.download(result, values);
      return values;
    }
  }

  /** Times each operation once for each of the extents that matter to it. */
  void run(Recorder recorder) {
    Set<String> done = new HashSet<>();
    for (MapSize size : effort.sizes()) {
      for (KernelCase operation : KernelCase.all()) {
        if (done.add(operation.name() + operation.on().apply(size))) {
          time(operation, size, recorder);
        }
      }
    }
  }

  private void time(KernelCase operation, MapSize size, Recorder recorder) {
    try (Session session = backend.openSession();
        Rotation rotation = Rotation.of(operation, size, session, rotated)) {
      KernelCase.Call call = rotation.first();
      recorder.add(
          Recorder.Row.timed(
              Group.KERNELS,
              operation.name(),
              operation.on().apply(size),
              call.bytes(),
              call.flops(),
              0),
          timer.time(session, rotation));
    }
  }

  /** How much faster the fused call is than its parts, a sentence for each size. */
  static List<String> fusion(List<Measurement> rows) {
    List<String> sentences = new ArrayList<>();
    for (Measurement fused : rows) {
      if (fused.name().equals(KernelCase.FUSED)) {
        rows.stream()
            .filter(row -> row.name().equals(KernelCase.UNFUSED))
            .filter(row -> row.params().equals(fused.params()))
            .map(row -> row.median() / fused.median())
            .forEach(
                ratio ->
                    sentences.add(
                        "%s: perturbAndMask is %s times as fast as its parts"
                            .formatted(fused.params(), BenchReport.number(ratio))));
      }
    }
    return sentences;
  }
}
