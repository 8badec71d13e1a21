package io.sscam.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real weights, which are not part of the repository. */
class RealFilesTest {

  private static Path shared(String name) {
    Path path = Path.of(System.getProperty("sscam.shared", "../../shared")).resolve(name);
    if (!Files.exists(path)) {
      String skipped = "SKIPPED: " + path + " is not here, so the real " + name + " is not tested";
      if ("true".equals(System.getenv("CI"))) {
        Assertions.fail(skipped + ", and CI must have it");
      }
      System.out.println(skipped);
      Assumptions.abort(skipped);
    }
    return path;
  }

  @ParameterizedTest
  @CsvSource({
    "weights/squeezenet1_0.pth, TORCH_ZIP",
    "weights/squeezenet1_0-legacy.pth, TORCH_LEGACY"
  })
  void theThreeSqueezeNetsAreTheSameBitForBit(String name, WeightFile.Format format) {
    try (WeightFile expected = WeightFiles.open(shared("weights/squeezenet1_0.safetensors"));
        WeightFile actual = WeightFiles.open(shared(name))) {
      assertThat(actual.format()).isEqualTo(format);
      assertThat(actual.names()).hasSize(52).containsExactlyElementsOf(expected.names());
      for (String tensor : expected.names()) {
        assertThat(actual.shape(tensor)).isEqualTo(expected.shape(tensor));
        assertThat(actual.dtype(tensor)).isEqualTo(DType.F32);
        assertThat(actual.readRaw(tensor)).isEqualTo(expected.readRaw(tensor));
        TensorChecks.requireFinite(tensor, actual.read(tensor), actual.file());
      }
    }
  }

  @Test
  void theRealResNetIsInspected() {
    Inspection found = Inspection.inspect(shared("weights/resnet18.safetensors"));
    assertThat(found.tensors()).hasSize(102);
    assertThat(found.values()).isEqualTo(11_699_112);
    assertThat(found.parameters()).isEqualTo(11_689_512);
    assertThat(found.sha256())
        .isEqualTo("2d29bb608be6c59fe301af17d898c9ec0af5c03aedce6cfd164d46821f133209");
  }

  @Test
  void theFixturesOfOtherTypesAreRead() {
    try (WeightFile file = WeightFiles.open(shared("fixtures/real/preprocess.safetensors"))) {
      assertThat(file.readLongs("decoded_size_wh")).hasSize(12).startsWith(385, 320);
      byte[] decoded = file.readBytes("decoded_u8_0");
      long[] sums = new long[3];
      for (int i = 0; i < decoded.length; i++) {
        sums[i % 3] += decoded[i] & 0xFF;
      }
      assertThat(file.readLongs("decoded_channel_sum")).startsWith(sums);
      assertThat(file.readDoubles("channel_mean")).hasSize(18).doesNotContain(0);
    }
  }
}
