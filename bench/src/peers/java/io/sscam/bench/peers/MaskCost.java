package io.sscam.bench.peers;

import io.sscam.Scoring;
import io.sscam.engine.Shape;
import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.CamOperations.Noise;
import io.sscam.engine.backend.CamOperations.Pairs;
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

/** SS-CAM's loop beside bare forward passes of as many pictures, on our own backend. */
final class MaskCost {
  /** Pairs a turn, at least: an explanation has some hundred. */
  private static final int FEWEST_PAIRS = 64;

  private static final float TAU = 0.25f;
  private final Session session;
  private final Executable net;
  private final Pairs pairs;
  private final Tensor scores;

  private MaskCost(Session session, Arena arena, Executable net, Shape layer) {
    this.session = session;
    this.net = net;
    int channels = layer.dim(0);
    Shape picture = net.input().shape();
    Tensor live = arena.allocate("live", DataType.I32, Shape.of(channels));
    session.upload(IntStream.range(0, channels).toArray(), live);
    Tensor maps = arena.floats("maps", channels, layer.dim(1), layer.dim(2));
    uniform(maps, 0.5);
    Tensor affine = arena.floats("masks", channels, 3);
    float[] masks = new float[3 * channels];
    for (int k = 0; k < channels; k++) {
      masks[3 * k + 1] = 1;
      masks[3 * k + 2] = TAU;
    }
    session.upload(masks, affine);
    Tensor image = arena.floats("image", picture.dim(1), picture.dim(2), picture.dim(3));
    uniform(image, 0);
    Tensor classes = arena.allocate("classes", DataType.I32, Shape.of(1));
    session.upload(new int[1], classes);
    int samples = Scoring.preset("default").samples();
    pairs =
        new Pairs(
            Noise.MASKED_INPUT, 1, samples, live, maps, affine, image, classes, Score.PROBABILITY);
    scores = arena.floats("scores", 1, turn(net.batch()));
  }

  /** Pairs a turn: whole batches. */
  static int turn(int batch) {
    return (FEWEST_PAIRS + batch - 1) / batch * batch;
  }

  private void uniform(Tensor tensor, double middle) {
    float[] values = new float[tensor.shape().elementsAsInt()];
    RandomWeights.fill(values, new SplittableRandom(7), middle, middle == 0 ? 2 : middle);
    session.upload(values, tensor);
  }

  /** First: the loop over a turn's pairs; second: bare forward passes of as many pictures. */
  static List<Turns> measure(
      Backend backend, Backend.Model model, String layer, int batch, double seconds) {
    try (Session session = backend.openSession();
        Arena arena = session.arena("mask cost");
        Executable net = session.compile(model, batch, Set.of())) {
      MaskCost cost = new MaskCost(session, arena, net, model.graph().shape(layer));
      List<Turns> result = Turns.take(seconds, List.of(cost::loop, cost::bare));
      cost.check();
      return result;
    }
  }

  private void loop() {
    session.scorePairs(net, pairs, scores, done -> {});
  }

  private void bare() {
    for (int i = 0; i < turn(net.batch()); i += net.batch()) {
      net.run(net.batch());
    }
  }

  private void check() {
    float[] values = new float[turn(net.batch())];
    session.download(scores, values);
    if (Arrays.equals(values, new float[values.length])) {
      throw new IllegalStateException("no scores were written");
    }
  }
}
