package io.sscam.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.nets.Box;
import io.sscam.nets.Geometry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoxCoverageTest {

  private static HostTensor map(int height, int width, float... values) {
    return new HostTensor(Shape.of(height, width), values);
  }

  @Test
  void allInsideIsOneAndUniformIsTheArea() {
    BoxCoverage coverage = BoxCoverage.of(List.of(new Box(1, 0, 2, 1)), 2, 2);
    assertThat(coverage.shares()).containsExactly(0, 1, 0, 0);
    assertThat(coverage.area()).isEqualTo(0.25);
    assertThat(coverage.pointing(map(2, 2, 0, 7, 0, 0))).isEqualTo(1);
    assertThat(coverage.pointing(map(2, 2, 1, 1, 1, 1))).isEqualTo(coverage.area());
    assertThat(coverage.pointing(map(2, 2, 1, 0, 1, 1))).isZero();
    assertThat(coverage.pointing(map(2, 2, 0, 0, 0, 0))).isNaN();
  }

  @Test
  void partsOfPixelsCountByTheirArea() {
    BoxCoverage coverage = BoxCoverage.of(List.of(new Box(0.5, 0.25, 2, 1)), 1, 3);
    assertThat(coverage.shares()).containsExactly(0.375, 0.75, 0);
  }

  @Test
  void overlapsCountOnceAndOutsideNotAtAll() {
    List<Box> boxes = List.of(new Box(-5, -5, 1, 1), new Box(0.5, 0, 1.5, 1), new Box(3, 3, 9, 9));
    BoxCoverage coverage = BoxCoverage.of(boxes, 1, 2);
    assertThat(coverage.shares()).containsExactly(1, 0.5);
    assertThat(BoxCoverage.of(List.of(), 2, 2).area()).isZero();
  }

  /** A picture of 400×200, its short side to 100, the middle 100×100 of it. */
  @Test
  void boxesGoThroughResizeAndCrop() {
    Geometry crop = new Geometry(400, 200, 100, 100, new Box(100, 0, 300, 200));
    Box left = crop.toInputClipped(new Box(0, 0, 200, 200));
    assertThat(BoxCoverage.of(List.of(left), 100, 100).area()).isCloseTo(0.5, within(1e-12));
    Box cut = crop.toInputClipped(new Box(0, 0, 101, 200));
    assertThat(BoxCoverage.of(List.of(cut), 100, 100).area()).isCloseTo(0.005, within(1e-12));
    Geometry whole = Geometry.whole(400, 200, 100, 100);
    Box quarter = whole.toInputClipped(new Box(0, 0, 200, 100));
    assertThat(BoxCoverage.of(List.of(quarter), 100, 100).area()).isCloseTo(0.25, within(1e-12));
  }

  /** Against counting a fine grid of points in each pixel. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void equalsCountingPoints(long seed) {
    Random random = new Random(seed);
    int height = 1 + random.nextInt(6);
    int width = 1 + random.nextInt(6);
    List<Box> boxes = new ArrayList<>();
    for (int i = 0; i < 4; i++) { // on eighths, between which the points lie
      double x = random.nextInt(8 * width) / 8.0 - 0.5;
      double y = random.nextInt(8 * height) / 8.0 - 0.5;
      boxes.add(new Box(x, y, x + random.nextInt(20) / 8.0, y + random.nextInt(20) / 8.0));
    }
    double[] expected = new double[height * width];
    for (int e = 0; e < expected.length; e++) {
      int inside = 0;
      for (int p = 0; p < 256; p++) {
        double x = e % width + (p % 16 + 0.5) / 16;
        double y = Math.floorDiv(e, width) + (Math.floorDiv(p, 16) + 0.5) / 16;
        inside +=
            boxes.stream().anyMatch(b -> x > b.x0() && x < b.x1() && y > b.y0() && y < b.y1())
                ? 1
                : 0;
      }
      expected[e] = inside / 256.0;
    }
    double[] shares = BoxCoverage.of(boxes, height, width).shares();
    assertThat(shares).containsExactly(expected, within(1e-12));
    assertThat(Arrays.stream(shares).max().orElseThrow()).isLessThanOrEqualTo(1 + 1e-12);
  }
}
