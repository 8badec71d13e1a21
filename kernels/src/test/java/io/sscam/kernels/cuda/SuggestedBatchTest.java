package io.sscam.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.generated.GeneratedWeights;
import io.sscam.engine.graph.ConvSpec;
import io.sscam.engine.graph.Graph;
import io.sscam.kernels.software.SoftwareDevice;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many pictures a device is asked to take at once. */
class SuggestedBatchTest {
  @BeforeEach
  void install() {
    assumeFalse(
        SoftwareDevice.realDevice(), "the memory's size is the software device's to choose");
    SoftwareDevice.install();
  }

  @AfterEach
  void reset() {
    SoftwareDevice.reset();
  }

  private static int batch(int side, long memory) {
    SoftwareDevice.totalMemory(memory);
    Graph.Builder g = Graph.builder(Shape.of(3, side, side));
    g.globalAvgPool("mean", g.conv(g.input(), ConvSpec.of("a", 64, 3).padding(1)));
    GeneratedWeights weights =
        new GeneratedWeights(Map.of("a.weight", Shape.of(64, 3, 3, 3), "a.bias", Shape.of(64)));
    try (Backend device = SoftwareDevice.open();
        Backend.Model model = device.load(g.build(), weights, Precision.FP32)) {
      return device.suggestedBatch(model);
    }
  }

  @Test
  void halfTheMemoryIsEnoughForThreeTimesTheLargestActivation() {
    assertThat(batch(224, 1L << 31)).isBetween(20, 28);
    assertThat(batch(224, 1L << 40)).isEqualTo(256);
  }

  @Test
  void cudnnCountsElementsWith31Bits() {
    assertThat(batch(4096, 1L << 42)).isEqualTo(1);
    assertThat(batch(2048, 1L << 42)).isEqualTo(7);
  }
}
