package io.sscam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.data.LabelMap;
import io.sscam.data.Sample;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Backends;
import io.sscam.evaluate.Evaluator;
import io.sscam.evaluate.Plan;
import io.sscam.evaluate.TargetRule;
import io.sscam.evaluate.Unusable;
import io.sscam.nets.RgbImage;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A net whose values overflow on a masked picture, but not on the picture itself. */
class OverflowTest {
  private static final int MIDDLE = 4;

  /**
   * A white picture gives zeros throughout; what is darker becomes 3e38 a cell, which has no mean.
   */
  private static TinyNet net() {
    TinyNet net = new TinyNet(1);
    for (String tensor : List.of("conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias")) {
      Arrays.fill(net.read(tensor).data(), 0);
    }
    net.read("conv1.weight").data()[MIDDLE] = -1;
    net.read("conv1.bias").data()[0] = 1;
    net.read("conv2.weight").data()[MIDDLE] = 3e38f;
    return net;
  }

  @Test
  void aPictureWhoseMeasuresOverflowIsSkipped() throws Unusable {
    try (Backend cpu = Backends.open("cpu", 1);
        Classifier classifier = net().classifier(cpu);
        Evaluator evaluator =
            new Evaluator(
                classifier,
                classifier.explainer().method(Method.cam()).open(),
                Plan.controls(1),
                LabelMap.identity(classifier.classNames()),
                TargetRule.TOP,
                Set.of())) {
      RgbImage white = RgbImage.filled(TinyNet.WIDTH, TinyNet.HEIGHT, 0xFFFFFF);
      Sample sample = new Sample("a", () -> white, List.of(), List.of());

      assertThat(classifier.classify(white, 1)).hasSize(1);
      assertThatThrownBy(() -> evaluator.evaluate(sample, white, 0))
          .isInstanceOf(Unusable.class)
          .hasMessageContaining("NaN or infinity in the logits");
    }
  }
}
