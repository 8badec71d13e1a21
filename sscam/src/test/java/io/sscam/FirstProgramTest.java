package io.sscam;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.engine.HostTensor;
import io.sscam.image.ImageReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The program in the README is this one, and it runs. */
class FirstProgramTest {
  private static final Path ROOT = Path.of(System.getProperty("sscam.root", ".."));

  @Test
  void explainsAnExample() throws Exception {
    Explanation explanation = firstProgram(ROOT.resolve("examples/rocket.jpg"));

    assertThat(explanation.className()).isEqualTo("rocket");
    assertThat(explanation.heatmap().shape().toArray()).containsExactly(224, 224);
    assertThat(explanation.blank()).isFalse();
  }

  private static Explanation firstProgram(Path photo) throws Exception {
    // README begin
    try (Classifier classifier = Classifier.demo();
        Explainer explainer = classifier.explainer(Method.scoreCam())) {
      Explanation explanation = explainer.explain(ImageReader.read(photo).image());
      HostTensor heatmap = explanation.heatmap(); // 224×224, from 0 to 1
      System.out.println(explanation.className() + " " + explanation.probability());
      System.out.println("in the middle: " + heatmap.data()[112 * 224 + 112]);
      // README end
      return explanation;
    }
  }

  @Test
  void readmeShowsThisProgram() throws Exception {
    Path source = ROOT.resolve("sscam/src/test/java/io/sscam/FirstProgramTest.java");
    List<String> lines = Files.readAllLines(source, UTF_8);
    String program =
        lines
            .subList(lines.indexOf("    // README begin") + 1, lines.indexOf("      // README end"))
            .stream()
            .map(line -> line.substring(4))
            .collect(Collectors.joining("\n"));
    assertThat(program.lines().count()).isLessThanOrEqualTo(10);
    assertThat(Files.readString(ROOT.resolve("README.md"), UTF_8)).contains(program);
  }
}
