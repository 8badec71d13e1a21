package io.sscam;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.image.BufferedImages;
import io.sscam.image.ColourMap;
import io.sscam.image.Heatmaps;
import io.sscam.image.Overlay;
import io.sscam.nets.Geometry;
import io.sscam.nets.Preprocess;
import java.awt.image.BufferedImage;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** The program in docs/embedding.md is this one, and it runs. */
class EmbeddingTest {
  @Test
  void explainsATile() throws Exception {
    BufferedImage picture =
        ImageIO.read(ShownProgram.ROOT.resolve("examples/cat-and-umbrella.jpg").toFile());
    BufferedImage tile = picture.getSubimage(0, 0, picture.getWidth(), picture.getHeight() * 2 / 3);

    HostTensor heat = explain(tile);

    assertThat(heat.shape()).isEqualTo(Shape.of(tile.getHeight(), tile.getWidth()));
    for (float value : heat.data()) {
      assertThat(value).isBetween(0f, 1f); // STRETCH leaves no pixel out
    }
  }

  private static HostTensor explain(BufferedImage tile) throws Exception {
    // shown from here
    Method method = Method.ssCam("default", s -> s.withSamples(2).withTopChannels(64));
    try (Classifier classifier =
            Classifier.builder().inputSize(192, 256).preprocess(Preprocess.Mode.STRETCH).open();
        Explainer explainer = classifier.explainer(method)) {
      Explanation explanation = explainer.explain(BufferedImages.toRgb(tile));
      Geometry geometry = explanation.geometry().orElseThrow();
      HostTensor heatmap = explanation.heatmap(); // 192×256, from 0 to 1
      HostTensor heat = Heatmaps.atOriginal(heatmap, geometry); // of the tile's own size
      BufferedImage layer = Overlay.layer(heatmap, geometry, ColourMap.INFERNO, 0.7);
      // to here
      assertThat(layer.getWidth()).isEqualTo(tile.getWidth());
      assertThat(explanation.scoredChannels()).isEqualTo(64);
      return heat;
    }
  }

  @Test
  void theDocumentShowsThisProgram() throws Exception {
    ShownProgram.check(EmbeddingTest.class, "docs/embedding.md");
  }
}
