package io.sscam.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import org.junit.jupiter.api.Test;

class MaskingTest {
  private static final HostTensor HEATMAP =
      new HostTensor(Shape.of(2, 3), new float[] {0, 0.5f, 1, 0.25f, 0, 1});

  @Test
  void everyChannelIsMultiplied() {
    float[] values = {1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -6};
    HostTensor input = new HostTensor(Shape.of(1, 2, 2, 3), values);

    HostTensor explained = Masking.explained(input, HEATMAP);

    assertThat(explained.shape()).isEqualTo(input.shape());
    assertThat(explained.data()).containsExactly(0, 1, 3, 1, 0, 6, -0f, -1, -3, -1, -0f, -6);
    assertThat(input.data()).containsExactly(1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -6);
    assertThat(Masking.explained(input, FixedMaps.uniform(2, 3)).data())
        .containsExactly(input.data());
  }

  /** Each of these has a divisor of the input's elements. */
  @Test
  void aHeatmapOfAnotherSizeIsRefused() {
    HostTensor input = HostTensor.zeros(Shape.of(1, 3, 4, 6));
    for (Shape shape :
        new Shape[] {Shape.of(6, 4), Shape.of(2, 3), Shape.of(1, 1), Shape.of(12, 6)}) {
      HostTensor heatmap = HostTensor.zeros(shape);
      assertThatThrownBy(() -> Masking.explained(input, heatmap))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll(shape.toString(), input.shape().toString());
      assertThatThrownBy(() -> PerturbationCurve.deletion(input, heatmap))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> PerturbationCurve.insertion(input, heatmap))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void complexityIsTheMean() {
    assertThat(Masking.complexity(HEATMAP)).isCloseTo(2.75 / 6, within(1e-15));
    assertThat(Masking.complexity(FixedMaps.uniform(224, 224))).isEqualTo(1);
    assertThat(Masking.complexity(HostTensor.zeros(Shape.of(3, 3)))).isZero();
  }
}
