package io.sscam.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import org.junit.jupiter.api.Test;

class FixedMapsTest {

  @Test
  void uniformIsOneEverywhere() {
    HostTensor map = FixedMaps.uniform(2, 3);
    assertThat(map.shape()).isEqualTo(Shape.of(2, 3));
    assertThat(map.data()).containsExactly(1, 1, 1, 1, 1, 1);
  }

  @Test
  void theGaussianIsCentred() {
    assertThat(FixedMaps.centredGaussian(1, 1).data()).containsExactly(1);
    assertThat(FixedMaps.centredGaussian(2, 2).data()).containsExactly(1, 1, 1, 1);
    // one third of a side away from the middle: exp(−(1/3)² / (2/16))
    float side = (float) Math.exp(-8.0 / 9);
    float corner = (float) Math.exp(-16.0 / 9);
    float[] three = {corner, side, corner, side, 1, side, corner, side, corner};
    assertThat(FixedMaps.centredGaussian(3, 3).data()).containsExactly(three);
  }

  /** Each side has a σ of its own: halving both sides of every pixel keeps their values. */
  @Test
  void theGaussianIsAsWideAsThePicture() {
    HostTensor map = FixedMaps.centredGaussian(5, 15);
    assertThat(map.shape()).isEqualTo(Shape.of(5, 15));
    float[] square = FixedMaps.centredGaussian(5, 5).data();
    for (int y = 0; y < 5; y++) {
      for (int x = 0; x < 5; x++) {
        // the middle one of three columns lies where the square's column does
        assertThat(map.data()[15 * y + 3 * x + 1]).isEqualTo(square[5 * y + x]);
      }
    }
  }
}
