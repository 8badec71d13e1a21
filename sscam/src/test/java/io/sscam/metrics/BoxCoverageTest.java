package io.sscam.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.nets.Box;
import io.sscam.nets.Geometry;
import io.sscam.nets.Preprocess;
import io.sscam.nets.RgbImage;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoxCoverageTest {
  private static final double EXACT = 1e-12;

  private static HostTensor map(int height, int width, float... values) {
    return new HostTensor(Shape.of(height, width), values);
  }

  @Test
  void aMapInsideOfTheBoxScoresOne() {
    BoxCoverage box = BoxCoverage.of(List.of(new Box(1, 0, 3, 1)), 2, 3);
    assertThat(box.shares()).containsExactly(0, 1, 1, 0, 0, 0);
    assertThat(box.pointing(map(2, 3, 0, 0.5f, 1, 0, 0, 0))).isEqualTo(1);
    assertThat(box.pointing(map(2, 3, 1, 0, 0, 1, 1, 1))).isZero();
    assertThat(box.pointing(map(2, 3, 1, 2, 3, 4, 5, 6))).isCloseTo(5.0 / 21, within(EXACT));
  }

  @Test
  void aUniformMapScoresTheShareOfTheArea() {
    BoxCoverage box = BoxCoverage.of(List.of(new Box(0.5, 1, 4, 3.25)), 4, 5);
    assertThat(box.area()).isCloseTo(3.5 * 2.25 / 20, within(EXACT));
    assertThat(box.pointing(FixedMaps.uniform(4, 5))).isCloseTo(box.area(), within(EXACT));
  }

  @Test
  void edgesCutPixels() {
    BoxCoverage inner = BoxCoverage.of(List.of(new Box(0.25, 0.5, 0.75, 1)), 1, 1);
    assertThat(inner.shares()).containsExactly(0.25);
    BoxCoverage corner = BoxCoverage.of(List.of(new Box(0.5, 0.75, 2, 2)), 2, 2);
    assertThat(corner.shares()).containsExactly(0.125, 0.25, 0.5, 1);
    assertThat(corner.pointing(map(2, 2, 8, 0, 0, 1))).isCloseTo(2.0 / 9, within(EXACT));
  }

  @Test
  void whereBoxesOverlapTheAreaCountsOnce() {
    Box left = new Box(0, 0, 2, 1);
    Box right = new Box(1, 0, 3, 1);
    assertThat(BoxCoverage.of(List.of(left, right), 1, 4).shares()).containsExactly(1, 1, 1, 0);
    assertThat(BoxCoverage.of(List.of(left, left), 1, 4).area()).isEqualTo(0.5);
    Box first = new Box(0, 0, 0.5, 0.5);
    Box second = new Box(0.25, 0.25, 1, 1);
    // 1/4 + 9/16 − 1/16
    assertThat(BoxCoverage.of(List.of(first, second), 1, 1).shares()).containsExactly(0.75);
  }

  @Test
  void whatLiesOutsideDoesNotCount() {
    assertThat(BoxCoverage.of(List.of(new Box(-5, -5, 1, 1)), 2, 2).shares())
        .containsExactly(1, 0, 0, 0);
    assertThat(BoxCoverage.of(List.of(new Box(-1, -1, 9, 9)), 2, 2).area()).isEqualTo(1);
    assertThat(BoxCoverage.of(List.of(new Box(2, 0, 4, 2), new Box(1, 1, 1, 2)), 2, 2).area())
        .isZero();
    assertThat(BoxCoverage.of(List.of(), 2, 2).shares()).containsExactly(0, 0, 0, 0);
  }

  @Test
  void anEdgeJustBesideAPixelsEdgeIsNoError() {
    double before = Math.nextDown(3.0);
    double after = Math.nextUp(1.0);
    BoxCoverage box = BoxCoverage.of(List.of(new Box(after, after, before, before)), 3, 3);
    assertThat(box.area()).isCloseTo(4.0 / 9, within(EXACT));
    BoxCoverage sliver = BoxCoverage.of(List.of(new Box(before, before, 3, 3)), 3, 3);
    assertThat(sliver.area()).isCloseTo(0, within(EXACT));
  }

  @Test
  void aMapOfZerosPointsNowhere() {
    BoxCoverage box = BoxCoverage.of(List.of(new Box(0, 0, 1, 1)), 1, 2);
    assertThat(box.pointing(map(1, 2, 0, 0))).isNaN();
  }

  @Test
  void aMapOfAnotherSizeIsRefused() {
    BoxCoverage box = BoxCoverage.of(List.of(new Box(0, 0, 1, 1)), 2, 3);
    for (Shape shape : List.of(Shape.of(3, 2), Shape.of(3, 3), Shape.of(1, 2, 3), Shape.of(6))) {
      assertThatThrownBy(() -> box.pointing(HostTensor.zeros(shape)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(shape.toString());
    }
  }

  /** 1024×512 → 512×256, of which the middle 224×224 is cut: input x = original x / 2 − 144. */
  @Test
  void boxesGoThroughResizeAndCrop() {
    Geometry geometry = geometry(1024, 512, Preprocess.Mode.IMAGENET, 224, 224);

    BoxCoverage four = coverage(geometry, new Box(289, 33, 291, 35));
    assertThat(four.area()).isCloseTo(1.0 / (224 * 224), within(EXACT));
    for (int pixel : new int[] {0, 1, 224, 225}) {
      assertThat(four.shares()[pixel]).isEqualTo(0.25);
    }
    assertThat(coverage(geometry, new Box(288, 32, 512, 256)).area()).isEqualTo(0.25);
    assertThat(coverage(geometry, new Box(0, 0, 1024, 512)).area()).isEqualTo(1);
    assertThat(coverage(geometry, new Box(0, 0, 1024, 41)).area())
        .isCloseTo(4.5 / 224, within(EXACT));
    assertThat(coverage(geometry, new Box(0, 0, 288, 512)).area()).isZero();
  }

  @Test
  void boxesGoThroughAStretch() {
    Geometry geometry = geometry(100, 50, Preprocess.Mode.STRETCH, 8, 4); // 25 × 6.25 a pixel

    BoxCoverage box = coverage(geometry, new Box(12.5, 25, 50, 28.125));
    double[] expected = new double[32];
    expected[16] = 0.25;
    expected[17] = 0.5;
    assertThat(box.shares()).containsExactly(expected);
  }

  private static Geometry geometry(
      int width, int height, Preprocess.Mode mode, int inputHeight, int inputWidth) {
    RgbImage picture = RgbImage.filled(width, height, 0x808080);
    return Preprocess.apply(picture, mode, inputHeight, inputWidth).geometry();
  }

  /** As the evaluation does it. */
  private static BoxCoverage coverage(Geometry geometry, Box original) {
    Box box = geometry.toInputClipped(original);
    return BoxCoverage.of(List.of(box), geometry.inputHeight(), geometry.inputWidth());
  }
}
