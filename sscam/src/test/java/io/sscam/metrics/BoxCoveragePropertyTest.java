package io.sscam.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.nets.Box;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Against points on a fine grid that are in a box or not, and laws for boxes of any edges. */
class BoxCoveragePropertyTest {
  private static final int HEIGHT = 5;
  private static final int WIDTH = 7;
  private static final int FINE = 8;
  private static final double ROUNDING = 1e-12;

  /** Boxes whose edges are multiples of 1/8, so that 8×8 points a pixel count them exactly. */
  @Property(tries = 500)
  void equalsTheShareOfPointsInside(@ForAll long seed, @ForAll @IntRange(max = 5) int count) {
    Random random = new Random(seed);
    List<Box> boxes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double[] x = edges(random, -1, WIDTH + 2, FINE);
      double[] y = edges(random, -1, HEIGHT + 2, FINE);
      boxes.add(new Box(x[0], y[0], x[1], y[1]));
    }

    BoxCoverage coverage = BoxCoverage.of(boxes, HEIGHT, WIDTH);
    double[] expected = points(boxes);
    assertThat(coverage.shares()).containsExactly(expected);
    HostTensor heatmap = heatmap(random);
    assertThat(coverage.pointing(heatmap)).isCloseTo(pointing(expected, heatmap), within(ROUNDING));
  }

  private static double[] edges(Random random, int first, int span, int fine) {
    double a = first + random.nextInt(span * fine + 1) / (double) fine;
    double b = first + random.nextInt(span * fine + 1) / (double) fine;
    return new double[] {Math.min(a, b), Math.max(a, b)};
  }

  private static double[] points(List<Box> boxes) {
    double[] shares = new double[HEIGHT * WIDTH];
    for (int j = 0; j < HEIGHT * FINE; j++) {
      for (int i = 0; i < WIDTH * FINE; i++) {
        double y = (j + 0.5) / FINE;
        double x = (i + 0.5) / FINE;
        for (Box box : boxes) {
          if (x > box.x0() && x < box.x1() && y > box.y0() && y < box.y1()) {
            shares[j / FINE * WIDTH + i / FINE] += 1.0 / (FINE * FINE);
            break;
          }
        }
      }
    }
    return shares;
  }

  private static double pointing(double[] shares, HostTensor heatmap) {
    double inside = 0;
    double outside = 0;
    for (int e = 0; e < shares.length; e++) {
      inside += heatmap.data()[e] * shares[e];
      outside += heatmap.data()[e] * (1 - shares[e]);
    }
    return inside / (inside + outside);
  }

  private static HostTensor heatmap(Random random) {
    HostTensor heatmap = HostTensor.zeros(Shape.of(HEIGHT, WIDTH));
    for (int e = 0; e < heatmap.data().length; e++) {
      heatmap.data()[e] = random.nextFloat();
    }
    return heatmap;
  }

  private static List<Box> anyBoxes(Random random, int count) {
    List<Box> boxes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double[] e = random.doubles(4, -1, 8).toArray();
      boxes.add(
          new Box(
              Math.min(e[0], e[1]),
              Math.min(e[2], e[3]),
              Math.max(e[0], e[1]),
              Math.max(e[2], e[3])));
    }
    return boxes;
  }

  @Property(tries = 500)
  void staysWithinItsBounds(@ForAll long seed, @ForAll @IntRange(max = 12) int count) {
    Random random = new Random(seed);
    BoxCoverage coverage = BoxCoverage.of(anyBoxes(random, count), HEIGHT, WIDTH);
    assertThat(coverage.shares()).hasSize(HEIGHT * WIDTH);
    for (double share : coverage.shares()) {
      assertThat(share).isBetween(0.0, 1.0);
    }
    assertThat(coverage.area()).isBetween(0.0, 1.0);
    assertThat(coverage.pointing(heatmap(random))).isBetween(0.0, 1.0);
  }

  /** |A ∪ B| = |A| + |B| − |A ∩ B|, pixel by pixel. */
  @Property(tries = 500)
  void aUnionIsTheSumLessTheOverlap(@ForAll long seed) {
    List<Box> both = anyBoxes(new Random(seed), 2);
    double[] union = BoxCoverage.of(both, HEIGHT, WIDTH).shares();
    double[] a = BoxCoverage.of(both.subList(0, 1), HEIGHT, WIDTH).shares();
    double[] b = BoxCoverage.of(both.subList(1, 2), HEIGHT, WIDTH).shares();
    Box meeting = both.get(0).intersect(both.get(1));
    double[] overlap = BoxCoverage.of(List.of(meeting), HEIGHT, WIDTH).shares();
    for (int e = 0; e < union.length; e++) {
      assertThat(union[e]).isCloseTo(a[e] + b[e] - overlap[e], within(ROUNDING));
    }
  }

  @Property(tries = 300)
  void theOrderOfTheBoxesDoesNotMatter(@ForAll long seed, @ForAll @IntRange(max = 8) int count) {
    Random random = new Random(seed);
    List<Box> boxes = anyBoxes(random, count);
    BoxCoverage first = BoxCoverage.of(boxes, HEIGHT, WIDTH);
    Collections.shuffle(boxes, random);
    boxes.addAll(List.copyOf(boxes)); // nor does it matter if one is there twice
    assertThat(BoxCoverage.of(boxes, HEIGHT, WIDTH).shares()).containsExactly(first.shares());
  }

  @Property(tries = 300)
  void theScaleOfTheMapDoesNotMatter(@ForAll long seed, @ForAll @IntRange(min = 1) int factor) {
    Random random = new Random(seed);
    BoxCoverage coverage = BoxCoverage.of(anyBoxes(random, 3), HEIGHT, WIDTH);
    HostTensor heatmap = heatmap(random);
    HostTensor scaled = heatmap.copy();
    for (int e = 0; e < scaled.data().length; e++) {
      scaled.data()[e] *= factor;
    }
    // each scaled value is rounded to float32
    assertThat(coverage.pointing(scaled)).isCloseTo(coverage.pointing(heatmap), within(0x1p-23));
  }
}
