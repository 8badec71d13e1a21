package io.sscam;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Gradient;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.Tensor;
import io.sscam.engine.noise.GaussianNoise;
import io.sscam.nets.Geometry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One picture's way from the input tensor to the finished maps. */
final class Run {
  private final Classifier classifier;
  private final ExplainerOptions options;
  private final Nets nets;
  private final Session session;
  private final Executable single;
  private final long start = System.nanoTime();
  private long forwardPasses;
  private long scoringNanos;

  Run(Classifier classifier, ExplainerOptions options, Nets nets) {
    this.classifier = classifier;
    this.options = options;
    this.nets = nets;
    this.session = nets.session();
    this.single = nets.single(options.method());
  }

  /**
   * Explains an input.
   *
   * @param geometry where it lies in the picture that it was made from, if it was
   */
  List<Explanation> explain(
      HostTensor input, Optional<Geometry> geometry, List<Target> targets, long seed) {
    try (Arena arena = session.arena("explanation")) {
      Forward forward = forward(arena, input);
      int[] classes =
          targets.stream().mapToInt(t -> classifier.resolve(t, forward.logits())).toArray();
      Weighing weighing = weigh(forward, classes, seed);
      return finish(arena, forward, geometry, classes, weighing, seed);
    }
  }

  private Forward forward(Arena arena, HostTensor input) {
    Shape expected = classifier.inputShape();
    if (!input.shape().equals(expected.withBatch(1)) && !input.shape().equals(expected)) {
      throw new IllegalArgumentException(
          "the net's input is 1×" + expected + ", not " + input.shape());
    }
    NonFiniteException.check("the input", input.data());
    Tensor image = arena.floats("image", expected.toArray());
    session.upload(input.data(), image);
    float[] logits = run(image);
    checkLayers();
    NonFiniteException.check("the logits", logits);
    Tensor kept = single.kept(options.layer());
    int[] chw = Arrays.copyOfRange(kept.shape().toArray(), 1, 4);
    Tensor maps = arena.floats("activations of " + options.layer(), chw);
    session.copy(kept, maps, maps.shape().elementsAsInt());
    return new Forward(logits, image, maps);
  }

  /** The logits of one picture. */
  private float[] run(Tensor image) {
    session.copy(image, single.input(), image.shape().elementsAsInt());
    single.run(1);
    forwardPasses++;
    float[] logits = new float[single.logits().shape().dim(1)];
    session.download(single.logits(), logits);
    return logits;
  }

  /**
   * Names the first layer in which a value overflowed. A later ReLU may make zeros of what follows
   * from it, so that neither the target layer nor the logits need show it.
   */
  private void checkLayers() {
    boolean one = nets.differentiates(options.method());
    List<String> layers = one ? List.of(options.layer()) : classifier.layers();
    try (Arena arena = session.arena("layers")) {
      for (String layer : layers) {
        ranges(arena, single.kept(layer), layer);
      }
    }
  }

  /** Least and largest value of each of the tensor's first extent. */
  private float[] ranges(Arena arena, Tensor maps, String layer) {
    Tensor range = arena.floats("ranges of " + layer, maps.shape().dim(0), 2);
    session.minMax(maps, range);
    float[] ranges = download(range);
    NonFiniteException.check("layer " + layer, ranges);
    return ranges;
  }

  private Weighing weigh(Forward forward, int[] classes, long seed) {
    Method method = options.method();
    int channels = forward.channels();
    if (method instanceof Method.Scored scored) {
      return score(forward, scored.scoring(), classes, seed);
    }
    float[][] alpha = new float[classes.length][];
    for (int q = 0; q < classes.length; q++) {
      if (method instanceof Method.GradCam) {
        alpha[q] = GradientWeights.gradCam(gradient(classes[q]), channels);
      } else if (method instanceof Method.GradCamPlusPlus) {
        float[] activation = download(forward.maps());
        alpha[q] = GradientWeights.gradCamPlusPlus(activation, gradient(classes[q]), channels);
      } else if (method instanceof Method.Control control) {
        alpha[q] = control(control.kind(), channels, seed);
      } else {
        alpha[q] = classifier.headRow(classes[q], channels, options.layer());
      }
    }
    return Weighing.unscored(alpha, live(forward));
  }

  private float[] gradient(int classIndex) {
    Gradient gradient = nets.gradient();
    gradient.backward(classIndex);
    float[] values = download(gradient.gradient());
    NonFiniteException.check("the gradient at layer " + options.layer(), values);
    return values;
  }

  private static float[] control(Method.Control.Kind kind, int channels, long seed) {
    float[] alpha = new float[channels];
    if (kind == Method.Control.Kind.MEAN_ACTIVATION) {
      Arrays.fill(alpha, 1f / channels);
      return alpha;
    }
    new GaussianNoise().fill(alpha, 0, channels, seed, 0, 0, 0);
    for (int k = 0; k < channels; k++) {
      alpha[k] = Math.abs(alpha[k]);
    }
    return alpha;
  }

  private int live(Forward forward) {
    try (Arena arena = session.arena("ranges")) {
      float[] ranges = ranges(arena, forward.maps(), options.layer());
      return (int)
          IntStream.range(0, forward.channels())
              .filter(k -> ranges[2 * k + 1] > ranges[2 * k])
              .count();
    }
  }

  private Weighing score(Forward forward, Scoring scoring, int[] classes, long seed) {
    ScoreWeigher weigher =
        new ScoreWeigher(
            session, nets.batched(), scoring, options.layer(), options.progress(), nets::cancelled);
    float[][] channelWeights = channelWeights(forward, scoring, classes);
    float[] baseline = baseline(forward, scoring, classes);
    Weighing weighing = weigher.weigh(forward, classes, channelWeights, baseline, seed);
    forwardPasses += weigher.passes();
    scoringNanos += weigher.nanos();
    return weighing;
  }

  /** w (Q)(K): the head's row, or the mean gradient where the layer is not the head's input. */
  private float @Nullable [][] channelWeights(Forward forward, Scoring scoring, int[] classes) {
    if (scoring.channelWeight() == Scoring.ChannelWeight.NONE) {
      return null;
    }
    int channels = forward.channels();
    float[][] weights = new float[classes.length][];
    for (int q = 0; q < classes.length; q++) {
      weights[q] =
          nets.differentiates(options.method())
              ? GradientWeights.gradCam(gradient(classes[q]), channels)
              : classifier.headRow(classes[q], channels, options.layer());
    }
    return weights;
  }

  private float[] baseline(Forward forward, Scoring scoring, int[] classes) {
    if (scoring.baseline() == Scoring.Baseline.NONE) {
      return new float[classes.length];
    }
    float[] logits = forward.logits();
    if (scoring.baseline() == Scoring.Baseline.ZERO) {
      try (Arena arena = session.arena("baseline")) {
        Tensor zero = arena.floats("zero picture", forward.image().shape().toArray());
        session.fill(zero, 0);
        logits = run(zero);
      }
      NonFiniteException.check("the logits of the baseline", logits);
    }
    return ScoreWeigher.baseline(scoring, logits, classes);
  }

  private List<Explanation> finish(
      Arena arena,
      Forward forward,
      Optional<Geometry> geometry,
      int[] classes,
      Weighing weighing,
      long seed) {
    Maps maps =
        Maps.combine(session, arena, weighing.alpha(), forward.maps(), forward.image().shape());
    Explanation.Timings timings =
        new Explanation.Timings(
            forwardPasses, scoringNanos / 1e9, (System.nanoTime() - start) / 1e9);
    List<Explanation> explanations = new ArrayList<>();
    for (int q = 0; q < classes.length; q++) {
      explanations.add(
          new Explanation(
              classifier.network().id(),
              options.layer(),
              options.method(),
              seed,
              classifier.backend().device(),
              classifier.model().precision(),
              options.method() instanceof Method.Scored ? nets.batch() : 1,
              classes[q],
              classifier.className(classes[q]),
              forward.logits()[classes[q]],
              Softmax.probability(forward.logits(), classes[q]),
              weighing.baseline()[q],
              forward.channels(),
              weighing.live()[q],
              weighing.scored()[q],
              Explanation.effectiveChannels(weighing.alpha()[q]),
              maps.map(q),
              maps.heatmap(q),
              geometry,
              weighing.alpha(q),
              weighing.scores(q),
              timings));
    }
    return explanations;
  }

  private float[] download(Tensor tensor) {
    float[] values = new float[tensor.shape().elementsAsInt()];
    session.download(tensor, values);
    return values;
  }
}
