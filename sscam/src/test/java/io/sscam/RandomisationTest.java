package io.sscam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sscam.engine.HostTensor;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Backends;
import io.sscam.evaluate.Randomisation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is left of maps when a net forgets. */
class RandomisationTest {

  /** The mean of the activations sees nothing of the head; Grad-CAM is made of it. */
  @Test
  void mapsThatDoNotUseTheHeadDoNotChangeWithIt() {
    List<HostTensor> pictures =
        List.of(TinyNet.picture(1), TinyNet.picture(2), TinyNet.picture(3), TinyNet.picture(4));
    Method gradCam = Method.named("grad-cam");
    Method mean = Method.named("mean-activation");
    try (Backend backend = Backends.open("cpu", 1);
        Classifier classifier = new TinyNet(6).classifier(backend)) {
      assertThat(classifier.weightedLayers()).containsExactly("conv1", "conv2", "fc");
      assertThat(Randomisation.usualCounts(21)).containsExactly(1, 2, 4, 8, 16, 21);
      List<Randomisation.Row> rows =
          new Randomisation(classifier, "layer4", List.of(gradCam, mean), 3)
              .run(pictures, List.of(1, 3), (done, total) -> assertThat(total).isEqualTo(12));
      assertThat(rows).hasSize(4);
      assertThat(rows.get(0).first()).isEqualTo("fc");
      assertThat(rows.get(2).first()).isEqualTo("conv1");
      assertThat(correlation(rows, gradCam, 1)).isLessThan(0.9);
      assertThat(correlation(rows, mean, 1)).isEqualTo(1, within(1e-12));
      assertThat(correlation(rows, mean, 3)).isLessThan(0.9);
    }
  }

  private static double correlation(List<Randomisation.Row> rows, Method method, int count) {
    return rows.stream()
        .filter(row -> row.method().equals(method) && row.randomised() == count)
        .findFirst()
        .orElseThrow()
        .spearman()
        .map(interval -> interval.mean())
        .orElse(0.0);
  }
}
