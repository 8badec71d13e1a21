package io.sscam.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sscam.engine.Shape;
import io.sscam.engine.graph.ConvSpec;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Window;
import io.sscam.nets.Network;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What limits a row, and what a net costs. */
class RoofTest {
  private static final Roof ROOF = new Roof(10e9, 100e9, 400e9);

  @ParameterizedTest
  @CsvSource({
    "5e9,  10e9, 0.5,  BANDWIDTH",
    "1e9,  30e9, 0.3,  COMPUTE",
    "20e9,  1e9, 2.0,  BANDWIDTH",
    "1e8,   1e9, 0.01, OVERHEAD",
    "5e8,     0, 0.05, BANDWIDTH",
  })
  void limitedByTheNearerCeiling(double bytes, double flops, double share, Roof.Limit limit) {
    Measurement row = Rows.timed("x", 1, 1, 1, bytes, flops);
    assertThat(ROOF.share(row)).isCloseTo(share, within(1e-12));
    assertThat(ROOF.limit(row)).isEqualTo(limit);
  }

  @Test
  void netsHaveTheCeilingOfTheirPrecision() {
    assertThat(ROOF.share(Rows.net(1, 0.09))).isCloseTo(0.1, within(1e-12));
  }

  @Test
  void costOfASmallNetByHand() {
    Graph.Builder g = Graph.builder(Shape.of(2, 4, 4));
    Graph.Value a = g.conv(g.input(), ConvSpec.of("a", 3, 3)); // 3×2×2
    Graph.Value b = g.conv(g.input(), ConvSpec.of("b", 1, 3)); // 1×2×2
    Graph.Value joined = g.concat("join", a, b); // 4×2×2
    Graph.Value pooled = g.maxPool("pool", joined, new Window(2, 2, 0), false); // 4×1×1
    g.linear("fc", pooled, 5, false);
    GraphCost cost = GraphCost.of(g.build());
    assertThat(cost.flops()).isEqualTo(2 * 12 * 18 + 2 * 4 * 18 + 4 * 4 + 2 * 5 * 4);
    assertThat(cost.weights()).isEqualTo(3 * 19 + 19 + 5 * 5);
    assertThat(cost.activations()).isEqualTo((32 + 12) + (32 + 4) + (16 + 4) + (4 + 5));
    assertThat(cost.bytes(3, 2)).isEqualTo(2 * (101 + 3 * 109));
  }

  /** torchvision's published GFLOPS count a multiplication with its addition as one. */
  @ParameterizedTest
  @CsvSource({"resnet18, 1.81", "vgg16, 15.47", "squeezenet1_0, 0.82"})
  void costOfTheNetsAsPublished(String net, double published) {
    GraphCost cost = GraphCost.of(Network.named(net).graph(224, 224, 1000));
    assertThat(cost.flops() / 2e9).isCloseTo(published, within(0.02));
  }
}
