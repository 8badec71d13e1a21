package io.sscam.engine.cpu;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.DataType;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.StepTime;
import io.sscam.engine.backend.Tensor;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.onednn.NetPlan;
import io.sscam.engine.onednn.NetPlan.Place;
import io.sscam.engine.onednn.PackedWeights;
import io.sscam.engine.onednn.PlanSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A net on several workers: a batch is cut into pieces of a few pictures, small enough for the
 * caches, and each worker runs pieces with a plan of its own. What is less than a piece runs
 * picture by picture.
 */
final class CpuExecutable implements Executable {
  /** Pictures a worker runs at once: activations stay near the caches, weights are reused. */
  private static final int PIECE = 8;

  private final WorkerPool.Team team;
  private final PackedWeights weights;
  private final int batch;
  private final int piece;
  private final PlanSpec spec;
  private final AtomicLong liveBytes;
  private final CpuArena arena;
  private final Map<String, CpuTensor> tensors = new LinkedHashMap<>();

  /** By worker, for those of the team. */
  private final Map<Integer, Plans> plans = new ConcurrentHashMap<>();

  /** A worker's plans; the same where a piece is one picture. */
  private record Plans(NetPlan piece, NetPlan single) implements AutoCloseable {
    @Override
    public void close() {
      piece.close();
      single.close();
    }
  }

  CpuExecutable(
      WorkerPool pool, PackedWeights weights, int batch, Set<String> keep, AtomicLong liveBytes) {
    this.team = pool.team(Math.min(pool.size(), batch));
    this.weights = weights;
    this.batch = batch;
    this.piece = piece(batch, team.size());
    Map<String, Integer> values =
        keep.stream().collect(Collectors.toMap(label -> label, weights.graph()::value));
    this.spec = new PlanSpec(values, true);
    this.liveBytes = liveBytes;
    this.arena = new CpuArena("executable", liveBytes);
    Graph graph = weights.graph();
    try {
      tensor(PlanSpec.INPUT, "input", graph.input());
      tensor(PlanSpec.LOGITS, "logits", graph.logits());
      for (String label : keep) {
        tensor(label, label, graph.shape(label));
      }
      // All that runs of any count need, so that a run allocates nothing.
      team.onEach((worker, index) -> plans.put(worker, compile()));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Called on the worker's own thread. */
  private Plans compile() {
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

  /** At most {@link #PIECE}, and such that the pieces are about equal and keep all workers busy. */
  private static int piece(int batch, int workers) {
    int rounds = (batch + PIECE * workers - 1) / (PIECE * workers);
    return (batch + rounds * workers - 1) / (rounds * workers);
  }

  private void tensor(String key, String name, Shape shape) {
    tensors.put(key, (CpuTensor) arena.allocate(name, DataType.F32, shape.withBatch(batch)));
  }

  @Override
  public int batch() {
    return batch;
  }

  @Override
  public Tensor input() {
    return kept(PlanSpec.INPUT);
  }

  @Override
  public Tensor logits() {
    return kept(PlanSpec.LOGITS);
  }

  @Override
  public Tensor kept(String label) {
    CpuTensor tensor = tensors.get(label);
    if (tensor == null) {
      throw new IllegalArgumentException("layer \"" + label + "\" was not asked to be kept");
    }
    return tensor;
  }

  @Override
  public void run(int count) {
    run(count, (worker, first, pictures) -> {});
  }

  /** Writes pictures {@code first} … first + count − 1 of the input, on a worker's own thread. */
  @FunctionalInterface
  interface Writer {
    void write(int worker, int first, int count);
  }

  /**
   * Runs the net on pictures that each worker writes itself just before it needs them, while they
   * lie in its caches; no worker waits for another in between.
   */
  void run(int count, Writer writer) {
    if (count < 1 || count > batch) {
      throw new IllegalArgumentException("cannot run " + count + " of " + batch + " pictures");
    }
    tensors.values().forEach(tensor -> tensor.buffer().check());
    int pieces = pieces(count);
    int singles = count - pieces * piece;
    team.run(
        pieces + singles,
        (worker, index) -> {
          boolean whole = index < pieces;
          int first = whole ? index * piece : pieces * piece + (index - pieces);
          writer.write(worker, first, whole ? piece : 1);
          Plans own = plans(worker);
          (whole ? own.piece : own.single).run(places(first));
        });
  }

  /**
   * How many whole pieces a run has. Each picture alone costs a little more than in a piece; but
   * where pieces would leave workers without any, all work on single pictures.
   */
  private int pieces(int count) {
    int round = piece * team.size();
    int rest = count % round;
    return (2 * rest <= round ? count - rest : count) / piece;
  }

  private Plans plans(int worker) {
    return Objects.requireNonNull(plans.get(worker), "not a worker of this net");
  }

  /** A piece on every worker at the same time, as in a run; of each step the slowest worker's. */
  @Override
  public List<StepTime> profile() {
    tensors.values().forEach(tensor -> tensor.buffer().check());
    int pieces = Math.min(team.size(), batch / piece);
    List<List<StepTime>> byWorker = Collections.synchronizedList(new ArrayList<>());
    team.onEach(
        (worker, index) -> {
          if (index < pieces) {
            byWorker.add(plans(worker).piece.profile(places(index * piece), piece));
          }
        });
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

  private Map<String, Place> places(int first) {
    Map<String, Place> places = new HashMap<>();
    tensors.forEach(
        (key, tensor) -> {
          long perPicture = tensor.shape().elements() / batch * Float.BYTES;
          places.put(key, new Place(tensor.buffer(), first * perPicture));
        });
    return places;
  }

  @Override
  public void close() {
    plans.values().forEach(Plans::close);
    plans.clear();
    arena.close();
  }
}
