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
import java.util.function.IntConsumer;
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
      // All that runs of any count need, so that a run allocates no native memory.
      pool.onEach(workers, worker -> plans.put(worker, compile(weights, spec, liveBytes)));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * At most {@link #MOST}, and such that the workers have equal shares of a batch, in which each
   * has room for a piece of its own.
   */
  private static int piece(int batch, int workers) {
    int rounds = (batch + MOST * workers - 1) / (MOST * workers);
    return batch / (rounds * workers);
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
  public void run(int count) {
    Cut cut = cut(count);
    pool.run(
        workers,
        cut.tasks(),
        (worker, task) -> run(worker, cut.pictures(task), cut.first(task)),
        task -> {});
  }

  @Override
  public void stream(int count, Feed feed, IntConsumer done) {
    Cut cut = cut(count);
    pool.run(
        workers,
        cut.tasks(),
        (worker, task) -> {
          int first = cut.first(task);
          int pictures = cut.pictures(task);
          int place = worker * piece;
          feed.write(worker, first, pictures, place);
          run(worker, pictures, place);
          feed.read(first, pictures, place);
        },
        task -> done.accept(cut.pictures(task)));
  }

  /** Called on the worker's own thread. */
  private void run(int worker, int pictures, int place) {
    Plans own = plans(worker);
    (pictures == piece ? own.piece : own.single).run(tensors.places(place));
  }

  /**
   * Pictures cut into tasks.
   *
   * @param piece pictures of a whole piece
   * @param pieces whole pieces, which come first
   * @param singles tasks of one picture behind them
   */
  private record Cut(int piece, int pieces, int singles) {
    int tasks() {
      return pieces + singles;
    }

    int first(int task) {
      return task < pieces ? task * piece : pieces * piece + (task - pieces);
    }

    int pictures(int task) {
      return task < pieces ? piece : 1;
    }
  }

  /**
   * As many whole pieces as fill rounds of all workers, and one more for some of them unless all
   * are done earlier with single pictures, which take a quarter longer each.
   */
  private Cut cut(int count) {
    int rest = count % (piece * workers);
    int each = (rest + workers - 1) / workers;
    int pieces = (5 * each < 4 * piece ? count - rest : count) / piece;
    return new Cut(piece, pieces, count - pieces * piece);
  }

  private Plans plans(int worker) {
    return Objects.requireNonNull(plans.get(worker), "not a worker of this net");
  }

  /** A piece on every worker at the same time; of each step the slowest worker's. */
  @Override
  public List<StepTime> profile() {
    List<List<StepTime>> byWorker = Collections.synchronizedList(new ArrayList<>());
    pool.onEach(
        workers,
        worker -> byWorker.add(plans(worker).piece.profile(tensors.places(worker * piece), piece)));
    return IntStream.range(0, byWorker.get(0).size())
        .mapToObj(
            step ->
                byWorker.stream()
                    .map(times -> times.get(step))
                    .max(Comparator.comparingDouble(StepTime::seconds))
                    .orElseThrow())
        .map(slowest -> new StepTime(slowest.step(), workers * piece, slowest.seconds()))
        .toList();
  }

  @Override
  public void close() {
    plans.values().forEach(Plans::close);
    plans.clear();
  }
}
