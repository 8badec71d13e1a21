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
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A net on all workers: a batch is cut into pieces of a few pictures, small enough for the caches,
 * and each worker runs pieces with a plan of its own.
 */
final class CpuExecutable implements Executable {
  /** Pictures a worker runs at once: activations stay near the caches, weights are reused. */
  private static final int PIECE = 8;

  private final WorkerPool pool;
  private final PackedWeights weights;
  private final int batch;
  private final int piece;
  private final PlanSpec spec;
  private final AtomicLong liveBytes;
  private final CpuArena arena;
  private final Map<String, CpuTensor> tensors = new LinkedHashMap<>();

  /** Per worker: plans by number of pictures. */
  private final List<Map<Integer, NetPlan>> plans = new ArrayList<>();

  CpuExecutable(
      WorkerPool pool, PackedWeights weights, int batch, Set<String> keep, AtomicLong liveBytes) {
    this.pool = pool;
    this.weights = weights;
    this.batch = batch;
    this.piece = piece(batch, pool.size());
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
      for (int i = 0; i < pool.size(); i++) {
        plans.add(new HashMap<>());
      }
      // All that runs of any count need, so that a run allocates nothing.
      pool.onEach(
          worker -> {
            plan(worker, piece);
            if (batch % piece != 0) {
              plan(worker, batch % piece);
            }
          });
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Called on the worker's own thread. */
  private NetPlan plan(int worker, int pictures) {
    return plans
        .get(worker)
        .computeIfAbsent(pictures, n -> NetPlan.compile(weights, n, spec, liveBytes));
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
    int pieces = (count + piece - 1) / piece;
    pool.run(
        pieces,
        (worker, index) -> {
          int first = index * piece;
          writer.write(worker, first, Math.min(piece, count - first));
          // A last, smaller piece runs whole, on rows nobody reads: a plan of its own would cost
          // more.
          int pictures = Math.min(piece, batch - first);
          plan(worker, pictures).run(places(first));
        });
  }

  /** A piece on every worker at the same time, as in a run; of each layer the slowest worker's. */
  @Override
  public List<StepTime> profile() {
    tensors.values().forEach(tensor -> tensor.buffer().check());
    List<Map<String, List<StepTime>>> byWorker = Collections.synchronizedList(new ArrayList<>());
    pool.onEach(
        worker -> {
          int first = worker * piece;
          int pictures = Math.min(piece, batch - first);
          if (pictures > 0) {
            byWorker.add(byLayer(plan(worker, pictures).profile(places(first), pictures)));
          }
        });
    int all = Math.min(batch, pool.size() * piece);
    // By layer: the plan of a smaller last piece may have other steps for it.
    return byWorker.stream()
        .flatMap(times -> times.keySet().stream())
        .distinct()
        .flatMap(layer -> slowest(byWorker, layer))
        .map(step -> new StepTime(step.step(), all, step.seconds()))
        .toList();
  }

  private static Map<String, List<StepTime>> byLayer(List<StepTime> steps) {
    return steps.stream()
        .collect(Collectors.groupingBy(StepTime::layer, LinkedHashMap::new, Collectors.toList()));
  }

  /** The steps of the worker that took longest for a layer. */
  private static Stream<StepTime> slowest(
      List<Map<String, List<StepTime>>> byWorker, String layer) {
    return byWorker.stream()
        .map(times -> times.getOrDefault(layer, List.of()))
        .max(
            Comparator.comparingDouble(
                steps -> steps.stream().mapToDouble(StepTime::seconds).sum()))
        .orElseThrow()
        .stream();
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

  /** One line a primitive, once the net has run. */
  List<String> description() {
    return plans.get(0).values().stream().findFirst().map(NetPlan::description).orElse(List.of());
  }

  @Override
  public void close() {
    plans.forEach(byCount -> byCount.values().forEach(NetPlan::close));
    plans.forEach(Map::clear);
    arena.close();
  }
}
