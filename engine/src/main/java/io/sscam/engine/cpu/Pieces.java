package io.sscam.engine.cpu;

import io.sscam.engine.backend.StepTime;
import io.sscam.engine.onednn.Arithmetic;
import io.sscam.engine.onednn.NetPlan;
import io.sscam.engine.onednn.PackedWeights;
import io.sscam.engine.onednn.PlanSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * A batch cut into pieces of a few pictures, small enough for the caches; each worker runs pieces
 * alone, with plans of its own. What is less than a piece runs picture by picture.
 */
final class Pieces implements NetRunner {
  /** Pictures a worker runs at once: activations stay near the caches, weights are reused. */
  private static final int MOST = 8;

  private final WorkerPool pool;
  private final int workers;
  private final NetTensors tensors;
  private final int piece;

  /** By worker. */
  private final Map<Integer, Plans> plans = new ConcurrentHashMap<>();

  /** A worker's plans; the same where a piece is one picture. */
  private record Plans(NetPlan piece, NetPlan single) implements AutoCloseable {
    @Override
    public void close() {
      piece.close();
      single.close();
    }
  }

  /**
   * Compiles the net on all workers that will run it.
   *
   * @param keep values by the keys of their tensors
   */
  Pieces(
      WorkerPool pool,
      PackedWeights weights,
      Map<String, Integer> keep,
      NetTensors tensors,
      AtomicLong liveBytes) {
    this.pool = pool;
    this.workers = Math.min(pool.size(), tensors.batch());
    this.tensors = tensors;
    this.piece = piece(tensors.batch(), workers);
    PlanSpec spec = new PlanSpec(keep, Arithmetic.ofMany(weights.precision()));
    try {
      // All that runs of any count need, so that a run allocates nothing.
      pool.onEach(workers, worker -> plans.put(worker, compile(weights, spec, liveBytes)));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** At most {@link #MOST}, and such that the pieces are about equal and keep all workers busy. */
  private static int piece(int batch, int workers) {
    int rounds = (batch + MOST * workers - 1) / (MOST * workers);
    return (batch + rounds * workers - 1) / (rounds * workers);
  }

  /** Called on the worker's own thread. */
  private Plans compile(PackedWeights weights, PlanSpec spec, AtomicLong liveBytes) {
    NetPlan whole = NetPlan.compile(weights, piece, spec, liveBytes);
    if (piece == 1) {
      return new Plans(whole, whole);
    }
    try {
      return new Plans(whole, whole.alsoFor(weights, 1, spec, liveBytes));
    } catch (RuntimeException e) {
      whole.close();
      throw e;
    }
  }

  @Override
  public void run(int count, Writer writer) {
    int pieces = pieces(count);
    int singles = count - pieces * piece;
    pool.run(
        pieces + singles,
        (worker, index) -> {
          boolean whole = index < pieces;
          int first = whole ? index * piece : pieces * piece + (index - pieces);
          writer.write(worker, first, whole ? piece : 1);
          Plans own = plans(worker);
          (whole ? own.piece : own.single).run(tensors.places(first));
        });
  }

  /**
   * How many whole pieces a run has: as many as fill rounds of all workers, and one more for some
   * of them unless all are done earlier with single pictures, which take a quarter longer each.
   */
  private int pieces(int count) {
    int rest = count % (piece * workers);
    int each = (rest + workers - 1) / workers;
    return (5 * each < 4 * piece ? count - rest : count) / piece;
  }

  private Plans plans(int worker) {
    return Objects.requireNonNull(plans.get(worker), "not a worker of this net");
  }

  /**
   * A piece on every worker at the same time, as many as the batch fills; of each step the slowest
   * worker's.
   */
  @Override
  public List<StepTime> profile() {
    int pieces = Math.min(workers, tensors.batch() / piece);
    List<List<StepTime>> byWorker = Collections.synchronizedList(new ArrayList<>());
    pool.onEach(
        pieces,
        worker -> byWorker.add(plans(worker).piece.profile(tensors.places(worker * piece), piece)));
    return IntStream.range(0, byWorker.get(0).size())
        .mapToObj(
            step ->
                byWorker.stream()
                    .map(times -> times.get(step))
                    .max(Comparator.comparingDouble(StepTime::seconds))
                    .orElseThrow())
        .map(slowest -> new StepTime(slowest.step(), pieces * piece, slowest.seconds()))
        .toList();
  }

  @Override
  public void close() {
    plans.values().forEach(Plans::close);
    plans.clear();
  }
}
