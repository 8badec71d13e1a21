package io.sscam;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.nets.Network;
import io.sscam.weights.WeightFile;
import io.sscam.weights.WeightFiles;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Maps of real nets and photos against an independent implementation's. */
class GoldenMapsTest {
  private static final float[] MEAN = {0.485f, 0.456f, 0.406f};
  private static final float[] STD = {0.229f, 0.224f, 0.225f};
  private static final List<String> PHOTOS =
      List.of(
          "12_house_finch.jpg",
          "162_beagle.jpg",
          "387_lesser_panda.jpg",
          "512_corkscrew.jpg",
          "562_fountain.jpg",
          "812_space_shuttle.jpg");

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
                    crop(PHOTOS.indexOf(job.get("photo"))),
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
    double largest = 0;
    for (int i = 0; i < scores.length; i++) {
      assertThat(Float.isNaN(ours[i])).isEqualTo(Double.isNaN(scores[i]));
      if (!Double.isNaN(scores[i])) {
        double error = Math.abs(ours[i] - scores[i]) / Math.max(Math.abs(scores[i]), 1e-30);
        largest = Math.max(largest, error);
        assertThat(error <= 1e-3).as("score %d: %s for %s", i, ours[i], scores[i]).isTrue();
      }
    }
    float[] heatmap = golden.read(number + "/heatmap").data();
    double heat = 0;
    for (int i = 0; i < heatmap.length; i++) {
      double error = Math.abs(explanation.heatmap().data()[i] - heatmap[i]);
      heat = Math.max(heat, error);
      assertThat(error <= 2e-3).as("heatmap %d: %s", i, heatmap[i]).isTrue();
    }
    System.out.println(
        job
            + " scores "
            + largest
            + " heatmap "
            + heat
            + " eff "
            + explanation.effectiveChannels()
            + " "
            + explanation.timings());
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

  private static HostTensor crop(int photo) throws Exception {
    try (WeightFile file =
        WeightFiles.open(SharedFiles.require("fixtures/real/preprocess.safetensors"))) {
      ByteBuffer bytes = file.readRaw("crop_u8");
      float[] tensor = new float[3 * 224 * 224];
      for (int i = 0; i < 224 * 224; i++) {
        for (int c = 0; c < 3; c++) {
          int value = bytes.get((photo * 224 * 224 + i) * 3 + c) & 0xFF;
          tensor[c * 224 * 224 + i] = (value / 255f - MEAN[c]) / STD[c];
        }
      }
      return new HostTensor(Shape.of(1, 3, 224, 224), tensor);
    }
  }
}
