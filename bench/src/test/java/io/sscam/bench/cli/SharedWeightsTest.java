package io.sscam.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real PyTorch checkpoint through the program. */
final class SharedWeightsTest {
  @TempDir private Path temp;

  @Test
  void inspectShowsTensorsAndTheNetThatFits() {
    Path checkpoint = SharedFiles.require("weights/squeezenet1_0.pth");
    assertThat(Cli.run("weights", "inspect", checkpoint).succeeded().out())
        .containsPattern("(?m)^file +" + checkpoint)
        .containsPattern("(?m)^sha256 +[0-9a-f]{64}$")
        .containsPattern("(?m)^tensors +52$")
        .containsPattern("(?m)^parameters +1248424$")
        .containsPattern("(?m)^  classifier\\.1\\.weight +F32 .*1000.*512")
        .containsPattern("(?m)^fits +squeezenet1_0, 1000 classes$");
    assertThat(Cli.run("weights", "inspect", "--brief", checkpoint).succeeded().out())
        .doesNotContain("classifier.1.weight");
  }

  @Test
  void aConvertedFileClassifiesAsItsCheckpoint() throws IOException {
    Path checkpoint = SharedFiles.require("weights/squeezenet1_0-legacy.pth");
    Path converted = temp.resolve("squeezenet.safetensors");
    assertThat(Cli.run("weights", "convert", checkpoint, converted).succeeded().out())
        .contains(converted.toString(), "52 tensors");
    assertThat(Cli.files(temp)).containsExactly("squeezenet.safetensors");
    Path photo = Pictures.good(temp, "photo.png");
    String fromConverted = classify(converted, photo);
    assertThat(fromConverted).isEqualTo(classify(checkpoint, photo)).contains("\"top\":[{");
  }

  private static String classify(Path weights, Path photo) {
    return Cli.run(
            "classify",
            "--model",
            "squeezenet1_0",
            "--weights",
            weights,
            "--size",
            "64x64",
            "--format",
            "json",
            photo)
        .succeeded()
        .out();
  }
}
