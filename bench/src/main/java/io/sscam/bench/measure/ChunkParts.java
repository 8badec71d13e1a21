package io.sscam.bench.measure;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.CamOperations.Chunk;
import io.sscam.engine.backend.CamOperations.Noise;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.Tensor;
import io.sscam.engine.graph.Graph;
import io.sscam.nets.Network;
import io.sscam.weights.DemoWeights;
import io.sscam.weights.WeightFile;
import java.util.Set;

/**
 * The two parts of a chunk of an explanation, each by itself: the masked pictures are made, and the
 * net runs on them.
 */
final class ChunkParts implements AutoCloseable {
  private static final Noise NOISE = Noise.MASKED_INPUT;

  private final int batch;
  private final Precision precision;
  private final Graph graph;
  private final WeightFile weights;
  private final Backend.Model model;
  private final Session session;
  private final Executable net;
  private final Arena arena;
  private final Runnable masks;

  /**
   * Loads the demo model once more.
   *
   * @param batch pictures a chunk
   */
  ChunkParts(Backend backend, Precision precision, int side, int batch) {
    this.batch = batch;
    this.precision = precision;
    this.graph = demo(side);
    this.weights = DemoWeights.open();
    this.model = backend.load(graph, weights, precision);
    this.session = backend.openSession();
    this.net = session.compile(model, batch, Set.of());
    this.arena = session.arena("parts");
    this.masks = masks();
    masks.run(); // the net's input holds numbers from now on
  }

  /** The graph of the demo model. */
  static Graph demo(int side) {
    return Network.named("squeezenet1_0").graph(side, side, DemoWeights.classNames().size());
  }

  private Runnable masks() {
    Workbench bench = new Workbench(session, arena);
    Shape layer = graph.shape(Network.named("squeezenet1_0").defaultLayer());
    Tensor maps = bench.random("maps", layer.toArray());
    Tensor affine = bench.random("affine", layer.dim(0), 3);
    Tensor channels = bench.range("channels", layer.dim(0));
    Tensor image = bench.random("image", graph.input().toArray());
    Chunk chunk = new Chunk(0, batch, 1);
    return () ->
        session.perturbAndMask(NOISE, 1, chunk, channels, maps, affine, image, net.input());
  }

  /** Times both as rows of their own. */
  void measure(Timer timer, String params, Recorder recorder) {
    GraphCost cost = GraphCost.of(graph);
    recorder.add(
        Recorder.Row.timed(
            Group.SSCAM,
            "forward passes",
            params,
            cost.bytes(batch, Roof.bytes(precision)),
            batch * cost.flops(),
            batch),
        timer.time(session, () -> net.run(batch)));
    double elements = graph.input().elements();
    recorder.add(
        Recorder.Row.timed(
            Group.SSCAM,
            "masks and noise",
            params,
            (batch + 1.0) * elements * Float.BYTES,
            KernelCase.perturbFlops(NOISE, batch, elements / graph.input().dim(0)),
            batch),
        timer.time(session, masks));
  }

  /** Seconds of the forward pass of one picture now, by that many chunks. */
  double forward(int chunks) {
    return Timer.block(session, () -> net.run(batch), chunks) / chunks / batch;
  }

  /** Seconds of one masked picture now, by that many chunks. */
  double masks(int chunks) {
    return Timer.block(session, masks, chunks) / chunks / batch;
  }

  @Override
  public void close() {
    arena.close();
    net.close();
    session.close();
    model.close();
    weights.close();
  }
}
