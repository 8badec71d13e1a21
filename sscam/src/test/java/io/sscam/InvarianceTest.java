package io.sscam;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.engine.HostTensor;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Backends;
import io.sscam.nets.RgbImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must not change a map: batch, threads, company, and having run before. */
class InvarianceTest {
  private static final double TOLERANCE = 1e-5;

  /** Some fifteen roundings of float32. */
  private static final double ROUNDING = 1e-6;

  private static final TinyNet NET = new TinyNet(3);
  private static final HostTensor PICTURE = TinyNet.picture(8);

  /** Σ_k max A_k. */
  private static final double SUM_OF_PEAKS =
      Arrays.stream(NET.layer("layer4", Close.doubles(PICTURE.data())).values())
          .mapToDouble(a -> Arrays.stream(a).max().orElseThrow())
          .sum();

  private static final List<Target> TWO_CLASSES = List.of(new Target.Index(3), Target.top());
  private static final Backend ONE = Backends.open("cpu", 1);
  private static final Backend TWO = Backends.open("cpu", 2);
  private static final Classifier ON_ONE = NET.classifier(ONE);
  private static final Classifier ON_TWO = NET.classifier(TWO);

  @AfterAll
  static void close() {
    ON_ONE.close();
    ON_TWO.close();
    assertThat(ONE.liveBytes() + TWO.liveBytes()).isZero();
    ONE.close();
    TWO.close();
  }

  static Set<String> presets() {
    return Scoring.presets().keySet();
  }

  private static Method few(String preset) {
    return new Method.SsCam(preset, Scoring.preset(preset).withSamples(3));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.sscam.PresetContract#methods")
  void batchAndThreadsDoNotMatter(String name, Method method) {
    List<Explanation> one = explain(ON_ONE, method, 1);
    for (int batch : new int[] {1, 7, 32}) {
      same(name + " batch " + batch + " on 2 threads", explain(ON_TWO, method, batch), one);
    }
    same(name + " batch 32 on 1 thread", explain(ON_ONE, method, 32), one);
  }

  private static List<Explanation> explain(Classifier classifier, Method method, int batch) {
    try (Explainer explainer = classifier.explainer().method(method).batch(batch).open()) {
      return explainer.explain(PICTURE, TWO_CLASSES, 77);
    }
  }

  private static void same(String name, List<Explanation> actual, List<Explanation> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int q = 0; q < actual.size(); q++) {
      Explanation a = actual.get(q);
      Explanation e = expected.get(q);
      near(name + " scores", a.scores(), e.scores(), TOLERANCE * peak(e.scores()));
      // α = S − baseline: where the two are equal but for rounding, so much of them stays
      double lost = ROUNDING * Math.abs(e.baselineScore());
      near(name + " alpha", a.alpha(), e.alpha(), TOLERANCE * peak(e.alpha()) + lost);
      double map = TOLERANCE * peak(e.map()) + lost * SUM_OF_PEAKS;
      near(name + " map", a.map(), e.map(), map);
      if (map < 1e-3 * peak(e.map())) { // else there is nothing but rounding to be normalised
        near(name + " heatmap", a.heatmap(), e.heatmap(), 2 * map / peak(e.map()));
      }
    }
  }

  private static void near(String what, HostTensor actual, HostTensor expected, double allowed) {
    Close.each(what, actual.data(), Close.doubles(expected.data()), 0, allowed);
  }

  private static double peak(HostTensor tensor) {
    double peak = 0;
    for (float v : tensor.data()) {
      peak = Float.isNaN(v) ? peak : Math.max(peak, Math.abs(v));
    }
    return peak;
  }

  @ParameterizedTest
  @MethodSource("presets")
  void runningAgainGivesTheSameBits(String preset) {
    try (Explainer explainer = ON_TWO.explainer().method(few(preset)).open()) {
      Explanation first = explainer.explain(PICTURE, TWO_CLASSES, 5).get(0);
      explainer.explain(TinyNet.picture(99), TWO_CLASSES, 6); // leaves other values behind
      bits(preset, explainer.explain(PICTURE, TWO_CLASSES, 5).get(0), first);
    }
  }

  private static void bits(String name, Explanation actual, Explanation expected) {
    Close.bits(name + " scores", actual.scores(), expected.scores());
    Close.bits(name + " alpha", actual.alpha(), expected.alpha());
    Close.bits(name + " map", actual.map(), expected.map());
    Close.bits(name + " heatmap", actual.heatmap(), expected.heatmap());
    assertThat(actual.classIndex()).isEqualTo(expected.classIndex());
    assertThat(actual.seed()).isEqualTo(expected.seed());
  }

  @ParameterizedTest
  @MethodSource("presets")
  void classesTogetherEqualClassesAlone(String preset) {
    List<Target> targets = List.of(new Target.Index(2), Target.top(), new Target.Index(2));
    try (Explainer explainer = ON_TWO.explainer().method(few(preset)).open()) {
      List<Explanation> together = explainer.explain(PICTURE, targets, 5);
      for (int q = 0; q < targets.size(); q++) {
        Explanation alone = explainer.explain(PICTURE, List.of(targets.get(q)), 5).get(0);
        bits(preset + " target " + q, together.get(q), alone);
      }
    }
  }

  @Test
  void onlyNoiseDependsOnTheSeed() {
    try (Explainer noisy = ON_TWO.explainer(few("default"));
        Explainer plain = ON_TWO.explainer(Method.scoreCam())) {
      List<float[]> seen = new ArrayList<>();
      for (long seed : new long[] {0, 1, -1, 1L << 32}) {
        float[] scores = noisy.explain(PICTURE, TWO_CLASSES, seed).get(0).scores().data();
        assertThat(seen).as("seed %d", seed).doesNotContain(scores);
        seen.add(scores);
      }
      HostTensor first = plain.explain(PICTURE, TWO_CLASSES, 1).get(0).scores();
      Close.bits("score-cam", plain.explain(PICTURE, TWO_CLASSES, 2).get(0).scores(), first);
    }
  }

  @Test
  void everyPictureOfACallHasASeedOfItsOwn() {
    List<RgbImage> pictures = List.of(photo(40, 60, 1), photo(40, 60, 1), photo(91, 33, 2));
    long[] seeds = {7, 7 ^ 0x9E3779B97F4A7C15L, 7 ^ 0x3C6EF372FE94F82AL};
    try (Explainer explainer = ON_TWO.explainer().method(few("default")).seed(7).open()) {
      List<List<Explanation>> all = explainer.explainAll(pictures, TWO_CLASSES);
      assertThat(all).hasSize(3);
      for (int j = 0; j < 3; j++) {
        List<Explanation> alone =
            explainer.explain(ON_TWO.preprocess(pictures.get(j)), TWO_CLASSES, seeds[j]);
        for (int q = 0; q < TWO_CLASSES.size(); q++) {
          assertThat(all.get(j).get(q).seed()).isEqualTo(seeds[j]);
          bits("picture " + j, all.get(j).get(q), alone.get(q));
        }
      }
      float[] first = all.get(0).get(0).scores().data();
      assertThat(all.get(1).get(0).scores().data()).isNotEqualTo(first); // the same picture
      bits("explain", explainer.explain(pictures.get(0)), all.get(0).get(1));
    }
  }

  private static RgbImage photo(int width, int height, long seed) {
    byte[] samples = new byte[3 * width * height];
    new Random(seed).nextBytes(samples);
    return RgbImage.wrap(width, height, samples);
  }

  @Test
  void memoryDoesNotGrow() {
    long before = TWO.liveBytes();
    try (Explainer explainer = ON_TWO.explainer().method(few("literal")).batch(5).open()) {
      explainer.explain(PICTURE, TWO_CLASSES, 0);
      long warm = TWO.liveBytes();
      for (int i = 1; i < 20; i++) {
        explainer.explain(PICTURE, TWO_CLASSES, i);
        assertThat(TWO.liveBytes()).isEqualTo(warm);
      }
    }
    // the model may keep packed weights, which do not grow with the next explainer
    long packed = TWO.liveBytes();
    assertThat(packed).isGreaterThanOrEqualTo(before);
    ON_TWO.explainer().method(few("literal")).batch(5).open().close();
    assertThat(TWO.liveBytes()).isEqualTo(packed);
  }
}
