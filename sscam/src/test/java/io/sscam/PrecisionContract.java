package io.sscam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Precision;
import io.sscam.image.ImageReader;
import io.sscam.metrics.Correlation;
import io.sscam.nets.Network;
import io.sscam.weights.WeightFile;
import io.sscam.weights.WeightFiles;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the shorter arithmetics may change: the order of a photo's five best classes only where they
 * are as near to each other as their budget, and little in a map.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PrecisionContract {
  private final Backend backend;
  private final List<Precision> precisions;
  private final int photos;
  private final double logitBudget;
  private final boolean sameFive;

  /**
   * A device's precisions but float32.
   *
   * @param photos how many are classified
   * @param logitBudget what a logit may be off by
   * @param sameFive whether the fifth class may not be exchanged for one as near as that
   */
  PrecisionContract(
      Backend backend,
      List<Precision> precisions,
      int photos,
      double logitBudget,
      boolean sameFive) {
    this.backend = backend;
    this.precisions = precisions;
    this.photos = photos;
    this.logitBudget = logitBudget;
    this.sameFive = sameFive;
  }

  final List<Precision> precisions() {
    return precisions;
  }

  @AfterAll
  final void close() {
    assertThat(backend.liveBytes()).isZero();
    backend.close();
  }

  @ParameterizedTest
  @MethodSource("precisions")
  void theFiveBestClassesStay(Precision precision) throws Exception {
    Path goldenFile = SharedFiles.require("fixtures/real/squeezenet1_0.safetensors");
    try (WeightFile golden = WeightFiles.open(goldenFile);
        Classifier classifier =
            Classifier.builder()
                .network(Network.named("squeezenet1_0"))
                .weights(SharedFiles.require("weights/squeezenet1_0.safetensors"))
                .backend(backend)
                .precision(precision)
                .open()) {
      List<String> names = List.of(golden.metadata().get("files").split(",", -1));
      long[] top = golden.readLongs("top5_index");
      float[] logits = golden.read("logits").data();
      double largest = 0;
      for (int photo = 0; photo < Math.min(photos, names.size()); photo++) {
        Path path = SharedFiles.require("images/classify/" + names.get(photo));
        List<Prediction> best = classifier.classify(ImageReader.read(path).image(), 5);
        int[] golden5 =
            Arrays.stream(top, photo * 5, photo * 5 + 5).mapToInt(Math::toIntExact).toArray();
        if (sameFive) {
          assertThat(best.stream().map(Prediction::classIndex))
              .as("%s, %s", path, precision)
              .containsExactlyInAnyOrderElementsOf(Arrays.stream(golden5).boxed().toList());
        }
        for (int rank = 0; rank < 5; rank++) {
          Prediction prediction = best.get(rank);
          double expected = logits[photo * 1000 + prediction.classIndex()];
          largest = Math.max(largest, Math.abs(prediction.logit() - expected));
          // Two classes of the first photo are 0.0158 apart, where float16 counts in steps of
          // 0.0156: which comes first depends on how convolutions were chosen to go.
          assertThat(expected)
              .as("%s, place %d, %s", path, rank + 1, precision)
              .isCloseTo(logits[photo * 1000 + golden5[rank]], within(logitBudget));
        }
      }
      System.out.printf("%s: logits of the five best within %.2g%n", precision, largest);
      assertThat(largest).isLessThan(logitBudget);
    }
  }

  /** Rank correlation of the heatmaps with fp32's. */
  @ParameterizedTest
  @MethodSource("precisions")
  void mapsKeepTheirOrder(Precision precision) {
    for (String preset : Scoring.presets().keySet()) {
      double correlation =
          Correlation.spearman(heatmap(Precision.FP32, preset), heatmap(precision, preset));
      System.out.printf("%s: rank correlation of %s's map %.5f%n", precision, preset, correlation);
      assertThat(correlation).as(preset).isGreaterThanOrEqualTo(0.99);
    }
  }

  final Explanation explain(Precision precision, Method method) {
    try (Classifier classifier = new TinyNet(5).classifier(backend, precision);
        Explainer explainer = classifier.explainer().method(method).batch(16).open()) {
      return explainer.explain(TinyNet.picture(6), List.of(Target.top()), 3).get(0);
    }
  }

  private float[] heatmap(Precision precision, String preset) {
    Method method = new Method.SsCam(preset, Scoring.preset(preset).withSamples(4));
    Explanation explanation = explain(precision, method);
    assertThat(explanation.precision()).isEqualTo(precision);
    assertThat(explanation.blank()).as("blank: %s", preset).isFalse();
    return explanation.heatmap().data();
  }
}
