package io.sscam.nets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sscam.engine.Shape;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreprocessTest {

  /** CRCs of the 224×224 crop by Pillow 9.4 and torchvision's sizes, of the same pattern. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, ff0beae6",
    "30, 20, 6e66dd2f",
    "333, 500, 6107a662",
    "1200, 701, 7d824669",
    "1, 300, fd42babb",
    "3000, 2, 5bc9dc98",
  })
  void theCropEqualsPillowToTheByte(int w, int h, String crc) {
    var result = Preprocess.apply(TestPictures.pattern(w, h), Preprocess.Mode.IMAGENET, 224, 224);
    assertThat(TestPictures.crc(result.pixels())).isEqualTo(crc);
  }

  @Test
  void normalisesInFloat32() {
    var tensor = Preprocess.normalise(RgbImage.wrap(1, 2, new byte[] {0, 127, -1, 3, 4, 5}));
    assertThat(tensor.shape()).isEqualTo(Shape.of(1, 3, 2, 1));
    assertThat(tensor.data())
        .containsExactly(
            (0 / 255f - 0.485f) / 0.229f,
            (3 / 255f - 0.485f) / 0.229f,
            (127 / 255f - 0.456f) / 0.224f,
            (4 / 255f - 0.456f) / 0.224f,
            (255 / 255f - 0.406f) / 0.225f,
            (5 / 255f - 0.406f) / 0.225f);
  }

  @Test
  void theCropCoversTheMiddle() {
    // 512×256 → 512×256, cut 224 of 256 rows and of 512 columns.
    Geometry geometry =
        Preprocess.apply(RgbImage.filled(512, 256, 0), Preprocess.Mode.IMAGENET, 224, 224)
            .geometry();
    assertThat(geometry.covered()).isEqualTo(new Box(144, 16, 368, 240));
    assertThat(geometry.toInput(new Box(144, 16, 256, 128))).isEqualTo(new Box(0, 0, 112, 112));
    assertThat(geometry.toInputClipped(new Box(0, 0, 512, 20))).isEqualTo(new Box(0, 0, 224, 4));
    assertThat(geometry.toInputClipped(new Box(0, 0, 100, 256)).area()).isZero();
  }

  @Test
  void stretchCoversAll() {
    Geometry geometry =
        Preprocess.apply(RgbImage.filled(100, 50, 0), Preprocess.Mode.STRETCH, 32, 64).geometry();
    assertThat(geometry.covered()).isEqualTo(new Box(0, 0, 100, 50));
    assertThat(geometry.toInput(new Box(50, 25, 100, 50))).isEqualTo(new Box(32, 16, 64, 32));
  }

  @Property(tries = 300)
  void anySizeOfPictureAndInputFits(
      @ForAll @IntRange(min = 1, max = 400) int w,
      @ForAll @IntRange(min = 1, max = 400) int h,
      @ForAll @IntRange(min = 1, max = 260) int height,
      @ForAll @IntRange(min = 1, max = 260) int width) {
    for (Preprocess.Mode mode : Preprocess.Mode.values()) {
      var result = Preprocess.apply(RgbImage.filled(w, h, 0x808080), mode, height, width);
      assertThat(result.tensor().shape()).isEqualTo(Shape.of(1, 3, height, width));
      Geometry geometry = result.geometry();
      Box covered = geometry.covered();
      assertThat(new Box(0, 0, w, h).intersect(covered)).isEqualTo(covered);
      Box back = geometry.toInput(geometry.toOriginal(new Box(0, 0, width, height)));
      assertThat(back.x1()).isCloseTo(width, within(1e-9 * width));
      assertThat(back.y0()).isCloseTo(0, within(1e-9 * height));
    }
  }

  @Test
  void refusesImpossibleSizes() {
    RgbImage picture = RgbImage.filled(2, 2, 0);
    assertThatThrownBy(() -> Preprocess.apply(picture, Preprocess.Mode.STRETCH, 0, 224))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RgbImage.filled(1 << 21, 1, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RgbImage.wrap(2, 2, new byte[11]))
        .hasMessage("a picture of 2×2 has 12 samples, not 11");
    assertThatThrownBy(() -> new Box(1, 0, 0, 1)).isInstanceOf(IllegalArgumentException.class);
  }
}
