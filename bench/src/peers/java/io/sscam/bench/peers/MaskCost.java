package io.sscam.bench.peers;

import io.sscam.Scoring;
import io.sscam.engine.Shape;
import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.CamOperations.Chunk;
import io.sscam.engine.backend.CamOperations.Noise;
import io.sscam.engine.backend.CamOperations.Score;
import io.sscam.engine.backend.DataType;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** SS-CAM's loop body beside the bare forward pass at the same batch, on our own backend. */
final class MaskCost {
  private static final float TAU = 0.25f;
  private final Session session;
  private final Executable net;
  private final int samples;
  private final int channels;
  private final Tensor live;
  private final Tensor maps;
  private final Tensor affine;
  private final Tensor image;
  private final Tensor classes;
  private final Tensor scores;
  private long next;

  private MaskCost(Session session, Arena arena, Executable net, Shape layer) {
    this.session = session;
    this.net = net;
    this.samples = Scoring.preset("default").samples();
    this.channels = layer.dim(0);
    Shape picture = net.input().shape();
    live = arena.allocate("live", DataType.I32, Shape.of(channels));
    session.upload(IntStream.range(0, channels).toArray(), live);
    maps = arena.floats("maps", channels, layer.dim(1), layer.dim(2));
    uniform(maps, 0.5);
    affine = arena.floats("masks", channels, 3);
    float[] masks = new float[3 * channels];
    for (int k = 0; k < channels; k++) {
      masks[3 * k + 1] = 1;
      masks[3 * k + 2] = TAU;
    }
    session.upload(masks, affine);
    image = arena.floats("image", picture.dim(1), picture.dim(2), picture.dim(3));
    uniform(image, 0);
    classes = arena.allocate("classes", DataType.I32, Shape.of(1));
    session.upload(new int[1], classes);
    scores = arena.floats("scores", 1, channels * samples);
  }

  private void uniform(Tensor tensor, double middle) {
    float[] values = new float[tensor.shape().elementsAsInt()];
    RandomWeights.fill(values, new SplittableRandom(7), middle, middle == 0 ? 2 : middle);
    session.upload(values, tensor);
  }

  /** First: one chunk of SS-CAM; second: the forward pass of the same pictures alone. */
  static List<Turns> measure(
      Backend backend, Backend.Model model, String layer, int batch, double seconds) {
    try (Session session = backend.openSession();
        Arena arena = session.arena("mask cost");
        Executable net = session.compile(model, batch, Set.of())) {
      MaskCost cost = new MaskCost(session, arena, net, model.graph().shape(layer));
      List<Turns> result = Turns.take(seconds, List.of(cost::chunk, () -> net.run(batch)));
      cost.check();
      return result;
    }
  }

  private void chunk() {
    long pairs = (long) channels * samples;
    long first = next + net.batch() <= pairs ? next : 0;
    session.runPerturbed(
        net,
        Noise.MASKED_INPUT,
        1,
        new Chunk(first, net.batch(), samples),
        live,
        maps,
        affine,
        image);
    session.gatherScore(net.logits(), net.batch(), classes, Score.PROBABILITY, first, scores);
    next = first + net.batch();
  }

  private void check() {
    float[] values = new float[net.batch()];
    session.download(scores, values);
    if (Arrays.equals(values, new float[values.length])) {
      throw new IllegalStateException("no scores were written");
    }
  }
}
