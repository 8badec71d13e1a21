package io.sscam;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.image.ImageReader;
import io.sscam.nets.Network;
import io.sscam.weights.WeightFile;
import io.sscam.weights.WeightFiles;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real weights and photos, from the file to the five best classes, against torchvision's. */
class RealNetsTest {

  @ParameterizedTest
  @CsvSource({
    "squeezenet1_0, squeezenet1_0.safetensors",
    "squeezenet1_0, squeezenet1_0.pth",
    "squeezenet1_0, squeezenet1_0-legacy.pth",
    "resnet18, resnet18.safetensors"
  })
  void logitsAndTopFiveEqualTorchvisions(String net, String weights) throws Exception {
    Path goldenFile = SharedFiles.require("fixtures/real/" + net + ".safetensors");
    try (WeightFile golden = WeightFiles.open(goldenFile);
        Classifier classifier =
            Classifier.builder()
                .network(Network.named(net))
                .weights(SharedFiles.require("weights/" + weights))
                .open()) {
      List<String> photos = List.of(golden.metadata().get("files").split(",", -1));
      float[] logits = golden.read("logits").data();
      long[] top = golden.readLongs("top5_index");
      for (int photo = 0; photo < photos.size(); photo++) {
        Path path = SharedFiles.require("images/classify/" + photos.get(photo));
        List<Prediction> all = classifier.classify(ImageReader.read(path).image(), 1000);
        for (Prediction prediction : all) {
          double expected = logits[photo * 1000 + prediction.classIndex()];
          double error = Math.abs(prediction.logit() - expected);
          assertThat(error <= 1e-3).as("%s: %s for %s", path, prediction, expected).isTrue();
        }
        for (int rank = 0; rank < 5; rank++) {
          assertThat(all.get(rank).classIndex()).isEqualTo((int) top[photo * 5 + rank]);
        }
      }
    }
  }
}
