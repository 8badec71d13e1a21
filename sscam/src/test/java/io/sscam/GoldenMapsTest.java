package io.sscam;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.image.ImageReader;
import io.sscam.nets.Network;
import io.sscam.nets.RgbImage;
import io.sscam.weights.WeightFile;
import io.sscam.weights.WeightFiles;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Maps of real nets and photos against an independent implementation's. */
class GoldenMapsTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void mapEqualsTheIndependentImplementation(int number) throws Exception {
    try (WeightFile golden =
        WeightFiles.open(SharedFiles.require("fixtures/real/maps.safetensors"))) {
      Map<String, String> job = job(golden.metadata().get("job/" + number));
      String net = job.get("model");
      try (Classifier classifier =
              Classifier.builder()
                  .network(Network.named(net))
                  .weights(SharedFiles.require("weights/" + net + ".safetensors"))
                  .open();
          Explainer explainer = classifier.explainer(method(job))) {
        Explanation explanation =
            explainer
                .explain(
                    classifier.preprocess(photo(job.get("photo"))),
                    List.of(Target.parse(job.get("class"))),
                    Long.parseLong(job.get("seed")))
                .get(0);
        check(golden, number, job, explanation);
      }
    }
  }

  private static void check(
      WeightFile golden, int number, Map<String, String> job, Explanation explanation) {
    double[] scores = golden.readDoubles(number + "/scores");
    float[] ours = explanation.scores().data();
    for (int i = 0; i < scores.length; i++) {
      assertThat(Float.isNaN(ours[i])).isEqualTo(Double.isNaN(scores[i]));
      if (!Double.isNaN(scores[i])) {
        double error = Math.abs(ours[i] - scores[i]) / Math.max(Math.abs(scores[i]), 1e-30);
        assertThat(error <= 1e-3).as("score %d: %s for %s", i, ours[i], scores[i]).isTrue();
      }
    }
    float[] heatmap = golden.read(number + "/heatmap").data();
    for (int i = 0; i < heatmap.length; i++) {
      double error = Math.abs(explanation.heatmap().data()[i] - heatmap[i]);
      assertThat(error <= 2e-3).as("heatmap %d: %s", i, heatmap[i]).isTrue();
    }
    assertThat(explanation.effectiveChannels())
        .isCloseTo(
            Double.parseDouble(job.get("effective_channels")),
            org.assertj.core.data.Percentage.withPercentage(0.1));
  }

  private static Map<String, String> job(String text) {
    return Arrays.stream(text.split(" "))
        .map(pair -> pair.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
  }

  private static Method method(Map<String, String> job) {
    String preset = job.get("preset");
    if (preset.equals("score-cam")) {
      return Method.scoreCam();
    }
    int samples = Integer.parseInt(job.get("samples"));
    return new Method.SsCam(preset, Scoring.preset(preset).withSamples(samples));
  }

  private static RgbImage photo(String name) throws Exception {
    return ImageReader.read(SharedFiles.require("images/classify/" + name)).image();
  }
}
