package io.sscam;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.engine.HostTensor;
import io.sscam.image.ImageReader;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The program in the README is this one, and it runs. */
class FirstProgramTest {
  @Test
  void explainsAnExample() throws Exception {
    Explanation explanation = firstProgram(ShownProgram.ROOT.resolve("examples/rocket.jpg"));

    assertThat(explanation.className()).isEqualTo("rocket");
    assertThat(explanation.heatmap().shape().toArray()).containsExactly(224, 224);
    assertThat(explanation.blank()).isFalse();
  }

  private static Explanation firstProgram(Path photo) throws Exception {
    // shown from here
    try (Classifier classifier = Classifier.demo();
        Explainer explainer = classifier.explainer(Method.scoreCam())) {
      Explanation explanation = explainer.explain(ImageReader.read(photo).image());
      HostTensor heatmap = explanation.heatmap(); // 224×224, from 0 to 1
      System.out.println(explanation.className() + " " + explanation.probability());
      System.out.println("in the middle: " + heatmap.data()[112 * 224 + 112]);
      // to here
      return explanation;
    }
  }

  @Test
  void readmeShowsThisProgram() throws Exception {
    ShownProgram.check(FirstProgramTest.class, "README.md");
  }
}
