package io.sscam.bench.jmh;

import io.sscam.bench.measure.KernelCase;
import io.sscam.bench.measure.MapSize;
import io.sscam.bench.measure.Workbench;
import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Session;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The operations of {@link io.sscam.engine.backend.CamOperations} on the CPU, on the operands of
 * {@code bench kernels}.
 */
public class OperationsBenchmark extends OnCpu {
  /** The name of a {@link KernelCase}; JMH splits values at commas, so here is none. */
  @Param({
    "upsampleBilinear",
    "minMax",
    "upsampledMinMax",
    "maskedMinMax",
    "normalise",
    "gaussianNoise",
    "maskMultiply",
    "perturbAndMask/no noise",
    "perturbAndMask/mask",
    "perturbAndMask/input",
    "the same/unfused",
    "gatherScore",
    "reduceScores",
    "softmax",
    "weightedSumRelu"
  })
  private String operation;

  /** K×h×w. */
  @Param({"512x7x7", "512x14x14"})
  private String maps;

  /** H×W of the picture. */
  @Param("224x224")
  private String picture;

  private Backend backend;
  private Session session;
  private Arena arena;
  private Runnable call;

  /** Operands in place. */
  @Setup
  public void allocate() {
    String name = operation.replace("/", ", ");
    KernelCase wanted =
        KernelCase.all().stream().filter(c -> c.name().equals(name)).findAny().orElseThrow();
    int[] m = Extents.of(maps, 3);
    int[] p = Extents.of(picture, 2);
    backend = open();
    session = backend.openSession();
    arena = session.arena(operation);
    MapSize size = new MapSize(m[0], m[1], m[2], p[0], p[1]);
    call = wanted.setup().on(new Workbench(session, arena), size).run();
  }

  /** One call. */
  @Benchmark
  public void call() {
    call.run();
    session.synchronise();
  }

  /** Gives everything back. */
  @TearDown
  public void free() {
    arena.close();
    session.close();
    backend.close();
  }
}
