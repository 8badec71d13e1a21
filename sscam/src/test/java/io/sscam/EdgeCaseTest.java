package io.sscam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Backends;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What happens off the straight road: dead channels, NaN, wrong classes, stopping, threads. */
class EdgeCaseTest {
  private static final Backend CPU = Backends.open("cpu", 2);
  private static final Target ANY = new Target.Index(1);

  @AfterAll
  static void nothingIsLeft() {
    assertThat(CPU.liveBytes()).isZero();
    CPU.close();
  }

  private static Explanation explain(TinyNet net, HostTensor picture, Method method) {
    try (Classifier classifier = net.classifier(CPU);
        Explainer explainer = classifier.explainer(method)) {
      return explainer.explain(picture, List.of(ANY), 3).get(0);
    }
  }

  private static Method fast() {
    return new Method.SsCam("default", Scoring.preset("default").withSamples(2));
  }

  @Test
  void allChannelsDeadGiveABlankMap() {
    TinyNet net = new TinyNet(1);
    Arrays.fill(net.read("conv2.weight").data(), 0);
    for (Method method : List.of(fast(), Method.scoreCam(), Method.ssCam("literal"))) {
      Explanation blank = explain(net, TinyNet.picture(1), method);
      assertThat(blank.liveChannels()).isZero();
      assertThat(blank.scoredChannels()).isZero();
      assertThat(blank.blank()).isTrue();
      assertThat(blank.heatmap().data()).containsOnly(0);
      assertThat(blank.alpha().data()).containsOnly(0);
      assertThat(blank.scores().data()).containsOnly(Float.NaN);
    }
  }

  /** A channel weight of 0 leaves a channel no mask, for that class alone. */
  @Test
  void channelsAreCountedByClass() {
    TinyNet net = new TinyNet(1);
    Arrays.fill(net.read("fc.weight").data(), 2, 7, 0); // of the first class
    Scoring fc = Scoring.preset("default").withChannelWeight(Scoring.ChannelWeight.FC);
    Method method = new Method.SsCam("test", fc.withSamples(1).withTopChannels(10));
    List<Target> both = List.of(new Target.Index(0), new Target.Index(1));
    try (Classifier classifier = net.classifier(CPU);
        Explainer explainer = classifier.explainer(method)) {
      List<Explanation> explained = explainer.explain(TinyNet.picture(1), both, 3);
      assertThat(explained).extracting(Explanation::liveChannels).containsExactly(7, 11);
      assertThat(explained).extracting(Explanation::scoredChannels).containsExactly(7, 10);
      for (Explanation one : explained) {
        long scores = one.scores().data().length - count(one.scores().data(), Float.NaN);
        assertThat(scores).isEqualTo(one.scoredChannels());
      }
    }
  }

  private static long count(float[] values, float value) {
    return IntStream.range(0, values.length)
        .filter(i -> Float.compare(values[i], value) == 0)
        .count();
  }

  @Test
  void pictureOfZerosAndSingleColourAreFinite() {
    HostTensor zeros = HostTensor.zeros(TinyNet.picture(1).shape());
    HostTensor colour = HostTensor.zeros(zeros.shape());
    Arrays.fill(colour.data(), 0.7f);
    for (HostTensor picture : List.of(zeros, colour)) {
      for (String preset : Scoring.presets().keySet()) {
        Scoring scoring = Scoring.preset(preset).withSamples(2);
        Explanation explanation =
            explain(new TinyNet(2), picture, new Method.SsCam(preset, scoring));
        for (float value : explanation.heatmap().data()) {
          assertThat(value).isBetween(0f, 1f);
        }
      }
    }
  }

  @Test
  void nanIsNamed() {
    HostTensor picture = TinyNet.picture(1);
    picture.data()[17] = Float.NaN;
    assertThatThrownBy(() -> explain(new TinyNet(1), picture, fast()))
        .isInstanceOf(NonFiniteException.class)
        .hasMessageContaining("input");
    TinyNet broken = new TinyNet(1);
    broken.read("conv2.bias").data()[2] = Float.POSITIVE_INFINITY;
    assertThatThrownBy(() -> explain(broken, TinyNet.picture(1), fast()))
        .isInstanceOf(NonFiniteException.class);
  }

  @Test
  void wrongTargetsAreRefused() {
    try (Classifier classifier = new TinyNet(1).classifier(CPU)) {
      float[] logits = {1, 5, 3, 4, 2};
      assertThat(classifier.resolve(Target.parse("#2"), logits)).isEqualTo(3);
      assertThat(classifier.resolve(Target.parse("Cat"), logits)).isEqualTo(2);
      assertThat(classifier.resolve(Target.parse("dog"), logits)).isEqualTo(3);
      assertThat(Target.parseAll("top3, bee,7"))
          .containsExactly(
              Target.top(),
              new Target.Ranked(2),
              new Target.Ranked(3),
              new Target.Named("bee"),
              new Target.Index(7));
      assertThatThrownBy(() -> Target.parseAll("1,,2")).hasMessageContaining("missing");
      for (String wrong : List.of("5", "99999", "#6", "elephant", "e")) {
        assertThatThrownBy(() -> classifier.resolve(Target.parse(wrong), logits))
            .as(wrong)
            .isInstanceOf(IllegalArgumentException.class);
      }
      assertThatThrownBy(() -> classifier.explainer().layer("layer9").open())
          .hasMessageContaining("layer9")
          .hasMessageContaining("layer4");
      assertThatThrownBy(() -> classifier.explainer().batch(0).open())
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void cancellingStopsAndTheExplainerGoesOn() {
    try (Classifier classifier = new TinyNet(1).classifier(CPU)) {
      AtomicReference<Explainer> running = new AtomicReference<>();
      List<Long> seen = new ArrayList<>();
      try (Explainer explainer =
          classifier
              .explainer()
              .method(Method.ssCam())
              .batch(4)
              .progress(
                  (done, total) -> {
                    seen.add(done);
                    if (seen.size() == 2) {
                      running.get().cancel();
                    }
                  })
              .open()) {
        running.set(explainer);
        HostTensor picture = TinyNet.picture(1);
        assertThatThrownBy(() -> explainer.explain(picture, List.of(ANY), 3))
            .isInstanceOf(CancellationException.class);
        assertThat(seen).hasSize(2).isSorted();
        assertThat(seen.get(1)).isLessThanOrEqualTo(8);
        seen.clear();
        seen.add(-1L);
        seen.add(-1L);
        assertThat(explainer.explain(picture, List.of(ANY), 3).get(0).liveChannels()).isPositive();
        assertThat(seen.get(seen.size() - 1)).isEqualTo(110L); // 11 live channels, N = 10
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> explainer.explain(picture, List.of(ANY), 3))
            .isInstanceOf(CancellationException.class);
        assertThat(Thread.interrupted()).isTrue();
      }
    }
  }

  @Test
  void classesAndPicturesTogetherEqualOneByOne() {
    try (Classifier classifier = new TinyNet(1).classifier(CPU);
        Explainer explainer = classifier.explainer(fast())) {
      HostTensor picture = TinyNet.picture(1);
      List<Target> all = List.of(new Target.Index(0), new Target.Index(4), new Target.Index(0));
      List<Explanation> together = explainer.explain(picture, all, 3);
      for (int i = 0; i < all.size(); i++) {
        Explanation alone = explainer.explain(picture, List.of(all.get(i)), 3).get(0);
        assertThat(together.get(i).heatmap().data()).isEqualTo(alone.heatmap().data());
        assertThat(together.get(i).scores().data()).isEqualTo(alone.scores().data());
      }
      Explanation other = explainer.explain(picture, List.of(ANY), 4).get(0);
      assertThat(other.scores().data()).isNotEqualTo(together.get(0).scores().data());
      assertThat(Explainer.seed(5, 0)).isEqualTo(5);
      assertThat(Explainer.seed(5, 2)).isEqualTo(5 ^ 0x3C6EF372FE94F82AL);
    }
  }

  @Test
  void threadsShareAClassifier() throws Exception {
    try (Classifier classifier = new TinyNet(1).classifier(CPU)) {
      List<float[]> alone = new ArrayList<>();
      List<Future<float[]>> together = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        alone.add(heatmap(classifier, i));
      }
      ExecutorService threads = Executors.newFixedThreadPool(3);
      for (int i = 0; i < 6; i++) {
        int seed = i;
        together.add(threads.submit(() -> heatmap(classifier, seed)));
      }
      for (int i = 0; i < 6; i++) {
        assertThat(together.get(i).get()).isEqualTo(alone.get(i));
      }
      threads.shutdown();
    }
  }

  private static float[] heatmap(Classifier classifier, int seed) {
    try (Explainer explainer = classifier.explainer(fast())) {
      return explainer.explain(TinyNet.picture(seed), List.of(ANY), seed).get(0).heatmap().data();
    }
  }

  @Test
  void resultsCannotBeChanged() {
    Explanation explanation = explain(new TinyNet(1), TinyNet.picture(1), fast());
    float before = explanation.heatmap().data()[0];
    explanation.heatmap().data()[0] = 9;
    explanation.alpha().data()[0] = 9;
    assertThat(explanation.heatmap().data()[0]).isEqualTo(before);
    assertThat(explanation.alpha().shape()).isEqualTo(Shape.of(TinyNet.CHANNELS));
  }

  @Test
  void optionsAreChecked() {
    Scoring start = Scoring.preset("default");
    assertThatThrownBy(() -> start.withSigma(-1)).hasMessageContaining("sigma");
    assertThatThrownBy(() -> start.withSigma(Double.NaN)).hasMessageContaining("sigma");
    assertThatThrownBy(() -> start.withSamples(0)).hasMessageContaining("samples");
    assertThatThrownBy(() -> Scoring.preset("nonsense")).hasMessageContaining("equation-15");
    assertThatThrownBy(() -> Method.named("nonsense")).hasMessageContaining("score-cam");
  }

  @Test
  void effectiveChannelsCount() {
    assertThat(Explanation.effectiveChannels(new float[] {2, 2, 2, 0, -1}))
        .isCloseTo(3, org.assertj.core.data.Offset.offset(1e-12));
    assertThat(Explanation.effectiveChannels(new float[] {0, 7, -3})).isEqualTo(1);
  }
}
