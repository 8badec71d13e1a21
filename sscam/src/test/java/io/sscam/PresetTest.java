package io.sscam;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.engine.HostTensor;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Backends;
import io.sscam.engine.backend.CamOperations.Aggregate;
import io.sscam.engine.backend.CamOperations.Score;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every preset and every option against {@link PlainSsCam}, and what must not matter. */
class PresetTest {
  private static final Backend ONE = Backends.open("cpu", 1);
  private static final Backend TWO = Backends.open("cpu", 2);
  private static final TinyNet NET = new TinyNet(11);
  private static final HostTensor PICTURE = TinyNet.picture(5);
  private static final long SEED = -987654321987L;
  private static final int CLASS = 3;

  /** float32 through two convolutions, relative to the largest value of the tensor compared. */
  private static final double TOLERANCE = 1e-4;

  @AfterAll
  static void nothingIsLeft() {
    assertThat(ONE.liveBytes() + TWO.liveBytes()).isZero();
    ONE.close();
    TWO.close();
  }

  static Stream<Arguments> scorings() {
    Map<String, Scoring> all = new LinkedHashMap<>();
    Scoring.presets().forEach((name, preset) -> all.put(name, preset.withSamples(3)));
    all.put("score-cam", Scoring.scoreCam());
    Scoring start = Scoring.preset("default").withSamples(2);
    for (Scoring.Noise noise : Scoring.Noise.values()) {
      Scoring changed =
          noise == Scoring.Noise.NONE
              ? start.withSamples(1).withNoise(noise)
              : start.withNoise(noise);
      for (Scoring.Normalise order : Scoring.Normalise.values()) {
        for (Scoring.SigmaRule rule : Scoring.SigmaRule.values()) {
          all.put(
              noise + " " + order + " " + rule, changed.withNormalise(order).withSigmaRule(rule));
        }
      }
      all.put(noise + " fc", changed.withChannelWeight(Scoring.ChannelWeight.FC));
      // with logits: a probability near 0 would leave nothing of the second pass but rounding
      all.put(noise + " second pass", changed.withSecondPass(true).withScore(Score.LOGIT));
    }
    for (Scoring.Baseline baseline : Scoring.Baseline.values()) {
      all.put("baseline " + baseline, start.withBaseline(baseline));
    }
    all.put("mean of logits", start.withScore(Score.LOGIT).withAggregate(Aggregate.MEAN));
    all.put("softmax", start.withWeights(Scoring.Weights.SOFTMAX));
    all.put("no noise at all", start.withSigma(0));
    return all.entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scorings")
  void equalsThePlainImplementation(String name, Scoring scoring) {
    double[] x = doubles(PICTURE.data());
    PlainSsCam.Result plain = new PlainSsCam(NET, scoring, x, CLASS, SEED).run();
    Explanation ours = explain(TWO, new Method.SsCam(name, scoring), 7);
    double[] scores = Stream.of(plain.scores()).flatMapToDouble(java.util.Arrays::stream).toArray();
    near(name + " scores", ours.scores().data(), scores);
    near(name + " alpha", ours.alpha().data(), plain.alpha());
    near(name + " map", ours.map().data(), plain.map());
    near(name + " heatmap", ours.heatmap().data(), plain.heatmap());
    assertThat(ours.liveChannels()).isEqualTo(TinyNet.CHANNELS - 1);
    assertThat(ours.alpha().data()[TinyNet.DEAD]).isZero();
  }

  @Test
  void camIsTheHeadsRow() {
    Explanation cam = explain(TWO, Method.cam(), 7);
    float[] weights = NET.read("fc.weight").data();
    double[] row = new double[TinyNet.CHANNELS];
    for (int k = 0; k < row.length; k++) {
      row[k] = weights[CLASS * row.length + k];
    }
    near("alpha", cam.alpha().data(), row);
    double[] map = PlainSsCam.combine(row, NET.activations(doubles(PICTURE.data())));
    near("map", cam.map().data(), map);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scorings")
  void batchAndThreadsDoNotMatter(String name, Scoring scoring) {
    Method method = new Method.SsCam(name, scoring);
    Explanation one = explain(ONE, method, 1);
    for (Explanation other :
        List.of(explain(TWO, method, 7), explain(TWO, method, 32), explain(ONE, method, 32))) {
      assertThat(distance(one.scores(), other.scores()) <= 1e-5).as(name + " scores").isTrue();
      assertThat(distance(one.alpha(), other.alpha()) <= 1e-5).as(name + " alpha").isTrue();
      assertThat(distance(one.heatmap(), other.heatmap()) <= 1e-5).as(name).isTrue();
    }
  }

  private static Explanation explain(Backend backend, Method method, int batch) {
    try (Classifier classifier = NET.classifier(backend);
        Explainer explainer = classifier.explainer().method(method).batch(batch).open()) {
      return explainer.explain(PICTURE, List.of(new Target.Index(CLASS)), SEED).get(0);
    }
  }

  /** The largest difference relative to the largest value. */
  private static double distance(HostTensor a, HostTensor b) {
    double peak = 1e-30;
    double worst = 0;
    for (int i = 0; i < a.data().length; i++) {
      float x = a.data()[i];
      float y = b.data()[i];
      if (Float.isNaN(x) != Float.isNaN(y)) {
        return Double.NaN;
      }
      peak = Float.isNaN(x) ? peak : Math.max(peak, Math.abs(x));
      worst = Float.isNaN(x) ? worst : Math.max(worst, Math.abs(x - y));
    }
    return worst / peak;
  }

  private static void near(String what, float[] actual, double[] expected) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    double peak = 1e-30;
    for (double v : expected) {
      peak = Double.isNaN(v) ? peak : Math.max(peak, Math.abs(v));
    }
    for (int i = 0; i < actual.length; i++) {
      if (Double.isNaN(expected[i])) {
        assertThat(actual[i]).as(what + " " + i).isNaN();
      } else {
        boolean near = Math.abs(actual[i] - expected[i]) <= TOLERANCE * peak;
        assertThat(near).as("%s %d: %s for %s", what, i, actual[i], expected[i]).isTrue();
      }
    }
  }

  private static double[] doubles(float[] values) {
    double[] copy = new double[values.length];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = values[i];
    }
    return copy;
  }
}
