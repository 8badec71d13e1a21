package io.sscam.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.nets.Box;
import io.sscam.nets.Geometry;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

class HeatmapsTest {
  /** Four rows and eight columns that rise to the right: 1/16, 3/16 … 15/16. */
  private static final HostTensor RAMP = HostTensor.zeros(Shape.of(4, 8));

  static {
    for (int i = 0; i < RAMP.data().length; i++) {
      RAMP.data()[i] = (2 * (i % 8) + 1) / 16f;
    }
  }

  @Test
  void theSameSizeIsTheSameMap() {
    HostTensor same = Heatmaps.atOriginal(RAMP, Geometry.whole(8, 4, 8, 4));
    assertThat(same.shape()).isEqualTo(RAMP.shape());
    assertThat(same.data()).isEqualTo(RAMP.data());
  }

  @Test
  void aRampStaysARampBetweenItsOuterCentres() {
    HostTensor large = Heatmaps.atOriginal(RAMP, Geometry.whole(80, 12, 8, 4));
    assertThat(large.shape()).isEqualTo(Shape.of(12, 80));
    for (int x = 0; x < 80; x++) {
      double expected = Math.max(1 / 16.0, Math.min(15 / 16.0, (x + 0.5) / 80));
      assertThat(large.data()[7 * 80 + x]).isCloseTo((float) expected, within(1e-6f));
    }
  }

  @Test
  void whatTheNetNeverSawIsNaN() {
    Geometry crop = new Geometry(12, 4, 8, 4, new Box(2, 0, 10, 4));
    HostTensor original = Heatmaps.atOriginal(RAMP, crop);
    assertThat(original.shape()).isEqualTo(Shape.of(4, 12));
    for (int x = 0; x < 12; x++) {
      float value = original.data()[12 + x];
      if (x < 2 || x >= 10) {
        assertThat(value).isNaN();
      } else {
        assertThat(value).isEqualTo(RAMP.data()[x - 2]);
      }
    }
  }

  @Test
  void aLayerIsAsOpaqueAsTheMapIsHigh() {
    Geometry crop = new Geometry(12, 4, 8, 4, new Box(2, 0, 10, 4));
    BufferedImage layer = Overlay.layer(RAMP, crop, ColourMap.INFERNO, 0.5);
    assertThat(layer.getWidth()).isEqualTo(12);
    assertThat(layer.getHeight()).isEqualTo(4);
    assertThat(layer.getRGB(0, 0)).isZero();
    assertThat(layer.getRGB(11, 3)).isZero();
    for (int x = 2; x < 10; x++) {
      float value = RAMP.data()[x - 2];
      assertThat(layer.getRGB(x, 2) >>> 24).isEqualTo(Math.round(127.5f * value));
      assertThat(layer.getRGB(x, 2) & 0xFFFFFF).isEqualTo(ColourMap.INFERNO.rgb(value));
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    Geometry whole = Geometry.whole(80, 40, 8, 4);
    assertThatThrownBy(() -> Overlay.layer(RAMP, whole, ColourMap.MAGMA, 1.5))
        .hasMessage("an opacity is from 0 to 1, not 1.5");
    assertThatThrownBy(() -> Heatmaps.atOriginal(RAMP, Geometry.whole(80, 40, 4, 8)))
        .hasMessageContaining("does not fit an input of 8×4");
    HostTensor wrong = HostTensor.zeros(Shape.of(4, 8));
    wrong.data()[3] = Float.NaN;
    assertThatThrownBy(() -> Heatmaps.atOriginal(wrong, whole)).hasMessageContaining("NaN");
  }
}
