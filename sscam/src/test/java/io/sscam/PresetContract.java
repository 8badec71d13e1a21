package io.sscam;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.Scoring.Baseline;
import io.sscam.Scoring.ChannelWeight;
import io.sscam.Scoring.Noise;
import io.sscam.Scoring.Normalise;
import io.sscam.Scoring.SigmaRule;
import io.sscam.Scoring.Weights;
import io.sscam.engine.HostTensor;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.CamOperations.Aggregate;
import io.sscam.engine.backend.CamOperations.Score;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Scores, α, map and heatmap of every method and option against {@link PlainSsCam}. A device's test
 * class extends this one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PresetContract {
  private static final double TOLERANCE = 1e-4;

  /**
   * Float32 softmax cannot tell probabilities below this from 0 in sums with others of size 1: a
   * channel's score of that size changes no weight.
   */
  private static final double PROBABILITY = 1e-7;

  /** Some fifty roundings of float32, as the net itself makes. */
  private static final double ROUNDING = 3e-6;

  private static final long SEED = 0x8765_4321_9ABC_DEF0L; // both halves in use, high bits set
  private static final int[] CLASSES = {0, 3};

  private static final TinyNet NET = new TinyNet(11);
  private static final HostTensor PICTURE = TinyNet.picture(5);
  private final double[] largest = new double[4];
  private final Backend backend;
  private final Classifier classifier;
  private int compared;
  private int drawn;
  private int blank;

  PresetContract(Backend backend) {
    this.backend = backend;
    this.classifier = NET.classifier(backend);
  }

  @AfterAll
  final void close() {
    System.out.printf(
        "%s: %d maps, %d drawn, %d blank; largest errors as parts of what is allowed: %s%n",
        getClass().getSimpleName(), compared, drawn, blank, Arrays.toString(largest));
    assertThat(drawn).as("maps that show something").isGreaterThan(compared / 2);
    classifier.close();
    assertThat(backend.liveBytes()).isZero();
    backend.close();
  }

  static Stream<Arguments> methods() {
    Map<String, Scoring> all = new LinkedHashMap<>(Scoring.presets());
    Scoring few = Scoring.preset("default").withSamples(3);
    for (Noise noise : Noise.values()) {
      Scoring noisy = few.withSamples(noise == Noise.NONE ? 1 : 3).withNoise(noise);
      for (SigmaRule rule : SigmaRule.values()) {
        for (Normalise normalise : Normalise.values()) {
          String name = noise + " " + rule + " " + normalise;
          all.put(name, noisy.withSigmaRule(rule).withNormalise(normalise));
          Scoring fc = all.get(name).withChannelWeight(ChannelWeight.FC);
          all.put(name + " fc", fc);
          all.put(name + " fc second pass", fc.withSecondPass(true));
        }
      }
    }
    for (Baseline baseline : Baseline.values()) {
      for (Score score : Score.values()) {
        Scoring option = few.withBaseline(baseline).withScore(score);
        all.put(baseline + " " + score, option);
        all.put(baseline + " " + score + " softmax", option.withWeights(Weights.SOFTMAX));
      }
    }
    all.put("mean", few.withAggregate(Aggregate.MEAN));
    all.put("second pass", few.withSecondPass(true));
    all.put("second pass logit", few.withSecondPass(true).withScore(Score.LOGIT));
    all.put("second pass input", few.withSecondPass(true).withBaseline(Baseline.INPUT));
    all.put("sigma 0", few.withSigma(0));
    all.put("sigma 0.5", few.withSigma(0.5));
    all.put("7 samples", few.withSamples(7));
    Scoring three = few.withTopChannels(3);
    all.put("3 channels", three);
    all.put("3 channels softmax", three.withWeights(Weights.SOFTMAX));
    all.put(
        "3 channels fc second pass",
        three.withChannelWeight(ChannelWeight.FC).withSecondPass(true));
    all.put("more channels than there are", few.withTopChannels(1000));
    Stream<Arguments> noisy =
        all.entrySet().stream()
            .map(e -> Arguments.of(e.getKey(), new Method.SsCam("test", e.getValue())));
    Scoring authors = Scoring.scoreCam().withScore(Score.PROBABILITY).withWeights(Weights.RAW);
    Stream<Arguments> scoreCam =
        Stream.of(
            Arguments.of("score-cam", Method.scoreCam()),
            Arguments.of(
                "score-cam of 4 channels",
                new Method.ScoreCam(Scoring.scoreCam().withTopChannels(4))),
            Arguments.of("score-cam, its authors'", new Method.ScoreCam(authors)));
    return Stream.concat(noisy, scoreCam);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("methods")
  void equalsThePlainImplementation(String name, Method method) {
    check(name, method, "layer4");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("methods")
  void equalsThePlainImplementationAtAnEarlierLayer(String name, Method method) {
    check(name, method, "stem");
  }

  @Test
  void camEqualsThePlainImplementation() {
    check("cam", Method.cam(), "layer4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"layer4", "stem"})
  void gradCamEqualsThePlainImplementation(String layer) {
    check("grad-cam", Method.named("grad-cam"), layer);
  }

  /** Behind the last layer there is a mean and a product: the gradient is the same everywhere. */
  @Test
  void gradCamPlusPlusEqualsThePlainImplementation() {
    check("grad-cam++", Method.named("grad-cam++"), "layer4");
  }

  @Test
  void meanActivationEqualsThePlainImplementation() {
    check("mean-activation", Method.named("mean-activation"), "layer4");
  }

  private static Scoring scoring(Method method) {
    return ((Method.Scored) method).scoring();
  }

  /**
   * The head's row where there is one: the gradient times the cells that the mean is taken over.
   */
  private static double[] channelWeights(String layer, double[] gradient, PlainSsCam.Maps maps) {
    int cells = layer.equals("layer4") ? maps.values()[0].length : 1;
    return Arrays.stream(gradient).map(g -> g * cells).toArray();
  }

  /** α of a method that scores nothing. */
  private static double[] unscored(Method method, PlainSsCam.Maps maps, double[] gradient) {
    double[] alpha = gradient.clone();
    for (int k = 0; k < alpha.length; k++) {
      double g = gradient[k];
      int plane = maps.values()[k].length;
      if (method instanceof Method.GradCamPlusPlus) {
        double share = g * g / (2 * g * g + g * g * g * Arrays.stream(maps.values()[k]).sum());
        alpha[k] = plane * share * Math.max(0, g);
      } else if (method instanceof Method.Control) {
        alpha[k] = 1.0 / alpha.length;
      } else if (method instanceof Method.Cam) {
        alpha[k] = g * plane;
      }
    }
    return alpha;
  }

  private void check(String name, Method method, String layer) {
    List<Target> targets =
        Arrays.stream(CLASSES).mapToObj(c -> (Target) new Target.Index(c)).toList();
    try (Explainer explainer = classifier.explainer().method(method).layer(layer).batch(7).open()) {
      List<Explanation> explanations = explainer.explain(PICTURE, targets, SEED);
      assertThat(explanations).hasSize(CLASSES.length);
      for (int q = 0; q < CLASSES.length; q++) {
        compare(name + " class " + CLASSES[q], method, CLASSES[q], explanations.get(q));
      }
    }
  }

  private void compare(String name, Method method, int target, Explanation explanation) {
    double[] x = Close.doubles(PICTURE.data());
    PlainSsCam.Maps maps = NET.layer(explanation.layer(), x);
    PlainSsCam plain =
        new PlainSsCam(NET::logits, x, TinyNet.HEIGHT, TinyNet.WIDTH, maps, target, SEED);
    double[] gradient = NET.meanGradient(maps, target);
    boolean scored = method instanceof Method.Scored;
    PlainSsCam.Result expected =
        scored
            ? plain.explain(scoring(method), channelWeights(explanation.layer(), gradient, maps))
            : plain.cam(unscored(method, maps, gradient));

    boolean logits = scored && scoring(method).score() == Score.LOGIT;
    double[] scores = Arrays.stream(expected.scores()).flatMapToDouble(Arrays::stream).toArray();
    double floor = logits ? TOLERANCE * peak(scores) : PROBABILITY;
    note(0, Close.each(name + " scores", explanation.scores().data(), scores, TOLERANCE, floor));
    compareMaps(name, explanation, expected, maps);
    checkFacts(explanation, expected, NET.logits(x), target);
  }

  /**
   * α = S − baseline and L = Σ α A are differences of larger terms, whose float32 rounding stays
   * when they cancel: {@link #ROUNDING} of the terms is allowed beside the part of the range.
   */
  private void compareMaps(
      String name, Explanation explanation, PlainSsCam.Result expected, PlainSsCam.Maps maps) {
    double lost = ROUNDING * Math.abs(expected.baseline());
    double alpha = TOLERANCE * peak(expected.alpha()) + lost;
    note(1, Close.each(name + " alpha", explanation.alpha().data(), expected.alpha(), 0, alpha));
    double terms = 0;
    for (int e = 0; e < expected.map().length; e++) {
      double sum = 0;
      for (int k = 0; k < maps.channels(); k++) {
        double weight = Math.abs(expected.alpha()[k]) + Math.abs(expected.baseline());
        sum += weight * maps.values()[k][e];
      }
      terms = Math.max(terms, sum);
    }
    double range = peak(expected.map());
    double map = TOLERANCE * range + ROUNDING * terms;
    note(2, Close.each(name + " map", explanation.map().data(), expected.map(), 0, map));
    compared++;
    if (map < 1e-3 * range) { // else there is nothing but rounding to be normalised
      drawn++;
      float[] heatmap = explanation.heatmap().data();
      note(3, Close.each(name + " heatmap", heatmap, expected.heatmap(), 0, 2 * map / range));
    } else if (range == 0) {
      blank++;
    }
  }

  private void note(int what, double part) {
    largest[what] = Math.max(largest[what], part);
  }

  private void checkFacts(
      Explanation explanation, PlainSsCam.Result expected, double[] logits, int target) {
    double[] actual = {explanation.logit(), explanation.probability(), explanation.baselineScore()};
    double[] wanted = {logits[target], PlainSsCam.probability(logits, target), expected.baseline()};
    for (int i = 0; i < actual.length; i++) {
      double allowed = TOLERANCE * Math.max(peak(wanted), 0);
      assertThat(Math.abs(actual[i] - wanted[i]) <= allowed)
          .as("fact %s: %s for %s", i, actual[i], wanted[i])
          .isTrue();
    }
    assertThat(explanation.liveChannels()).isEqualTo(expected.live());
    assertThat(explanation.scoredChannels()).isEqualTo(expected.scored());
    assertThat(explanation.seed()).isEqualTo(SEED);
    assertThat(explanation.className()).isEqualTo(classifier.className(target));
    assertThat(expected.live()).isPositive();
  }

  private static double peak(double[] values) {
    return Arrays.stream(values).map(Math::abs).filter(v -> v >= 0).max().orElse(0);
  }
}
