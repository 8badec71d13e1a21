package io.sscam.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PerturbationCurveTest {
  private static final double EXACT = 1e-12;
  private static final int STEPS = PerturbationCurve.STEPS;

  /** Keeps what it is asked; an input's "probability" is its mean. */
  private static final class Asked implements PerturbationCurve.Scorer {
    private final List<float[]> inputs = new ArrayList<>();
    private final List<Integer> counts = new ArrayList<>();

    @Override
    public double[] probabilities(float[] batch, int count) {
      counts.add(count);
      int each = batch.length / count;
      double[] means = new double[count];
      for (int i = 0; i < count; i++) {
        float[] input = Arrays.copyOfRange(batch, i * each, (i + 1) * each);
        inputs.add(input);
        means[i] = IntStream.range(0, each).mapToDouble(e -> input[e]).sum() / each;
      }
      return means;
    }
  }

  private static HostTensor falling(int height, int width) {
    HostTensor map = HostTensor.zeros(Shape.of(height, width));
    for (int e = 0; e < height * width; e++) {
      map.data()[e] = height * width - e;
    }
    return map;
  }

  @Test
  void onePixelOfAHundredGoesAStep() {
    HostTensor ones = new HostTensor(Shape.of(1, 10, 10), FixedMaps.uniform(10, 10).data());
    double[] curve =
        PerturbationCurve.deletion(ones, falling(10, 10)).probabilities(new Asked(), 32);
    assertThat(curve).hasSize(101);
    for (int step = 0; step <= 100; step++) {
      assertThat(curve[step]).isCloseTo(1 - step / 100.0, within(EXACT));
    }
    assertThat(PerturbationCurve.area(curve)).isCloseTo(0.5, within(EXACT));
  }

  @Test
  void theFirstPixelDecidesAtOnce() {
    HostTensor input = HostTensor.zeros(Shape.of(1, 1, 10, 10));
    input.data()[37] = 1;
    HostTensor good = HostTensor.zeros(Shape.of(10, 10));
    good.data()[37] = 1;
    HostTensor bad = FixedMaps.uniform(10, 10);
    bad.data()[37] = 0;
    PerturbationCurve.Scorer scorer =
        (inputs, count) ->
            IntStream.range(0, count).mapToDouble(i -> inputs[100 * i + 37] == 1 ? 1 : 0).toArray();

    // 1 0 0 … 0, and 1 … 1 0
    assertThat(area(PerturbationCurve.deletion(input, good), scorer))
        .isCloseTo(0.005, within(1e-12));
    assertThat(area(PerturbationCurve.deletion(input, bad), scorer))
        .isCloseTo(0.995, within(1e-12));
    // 0 1 1 … 1, and 0 … 0 1
    assertThat(area(PerturbationCurve.insertion(input, good), scorer))
        .isCloseTo(0.995, within(1e-12));
    assertThat(area(PerturbationCurve.insertion(input, bad), scorer))
        .isCloseTo(0.005, within(1e-12));
  }

  private static double area(PerturbationCurve curve, PerturbationCurve.Scorer scorer) {
    return PerturbationCurve.area(curve.probabilities(scorer, 8));
  }

  @Test
  void theAreaIsThatOfTrapezoids() {
    assertThat(PerturbationCurve.area(new double[] {0, 1})).isEqualTo(0.5);
    assertThat(PerturbationCurve.area(new double[] {1, 1, 1})).isEqualTo(1);
    assertThat(PerturbationCurve.area(new double[] {0, 1, 0})).isEqualTo(0.5);
    assertThat(PerturbationCurve.area(new double[] {1, 0, 0, 0, 0})).isEqualTo(0.125);
    assertThat(PerturbationCurve.area(new double[] {0.25, 0.5, 1})).isEqualTo(0.5625);
  }

  @Test
  void equalValuesGoInCOrder() {
    HostTensor input = new HostTensor(Shape.of(1, 1, 4), new float[] {1, 2, 3, 4});
    HostTensor map = new HostTensor(Shape.of(1, 4), new float[] {-0f, 0, 1, 0});
    Asked asked = new Asked();
    PerturbationCurve.deletion(input, map).probabilities(asked, 101);
    assertThat(asked.inputs.get(25)).containsExactly(1, 2, 0, 4);
    assertThat(asked.inputs.get(50)).containsExactly(0, 2, 0, 4);
    assertThat(asked.inputs.get(75)).containsExactly(0, 0, 0, 4);
    assertThat(asked.inputs.get(100)).containsExactly(0, 0, 0, 0);
  }

  @Test
  void theScorerIsAskedInFullBatches() {
    HostTensor input = HostTensor.zeros(Shape.of(1, 2, 3, 5));
    Asked asked = new Asked();
    PerturbationCurve.deletion(input, FixedMaps.uniform(3, 5)).probabilities(asked, 40);
    assertThat(asked.counts).containsExactly(40, 40, 21);
    Asked once = new Asked();
    PerturbationCurve.deletion(input, FixedMaps.uniform(3, 5)).probabilities(once, 1000);
    assertThat(once.counts).containsExactly(101);
  }

  /** Small whole numbers: sums are exact, and maps have equal values. */
  private static HostTensor whole(Random random, int kinds, int... extents) {
    HostTensor tensor = HostTensor.zeros(Shape.of(extents));
    for (int e = 0; e < tensor.data().length; e++) {
      tensor.data()[e] = 1 + random.nextInt(kinds);
    }
    return tensor;
  }

  @Property(tries = 150)
  void everyStepEqualsOneMadeAfresh(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 3) int channels,
      @ForAll @IntRange(min = 1, max = 17) int height,
      @ForAll @IntRange(min = 1, max = 17) int width,
      @ForAll @IntRange(min = 1, max = 120) int batch) {
    Random random = new Random(seed);
    HostTensor input = whole(random, 100, 1, channels, height, width);
    HostTensor map = whole(random, 1 + random.nextInt(60), height, width);
    float[] x = input.data().clone();
    Asked deletion = new Asked();
    Asked insertion = new Asked();
    double[] deleted = PerturbationCurve.deletion(input, map).probabilities(deletion, batch);
    double[] inserted = PerturbationCurve.insertion(input, map).probabilities(insertion, batch);

    assertThat(input.data()).containsExactly(x);
    check(deletion, deleted, x, new float[x.length], map.data());
    check(insertion, inserted, GaussianBlur.apply(input), x, map.data());
  }

  private static void check(Asked asked, double[] curve, float[] from, float[] to, float[] map) {
    assertThat(curve).hasSize(STEPS + 1);
    assertThat(asked.inputs).hasSize(STEPS + 1);
    int[] places = IntStream.range(0, map.length).map(pixel -> place(map, pixel)).toArray();
    for (int step = 0; step <= STEPS; step++) {
      float[] expected = from.clone();
      double sum = 0;
      for (int e = 0; e < expected.length; e++) {
        if (places[e % map.length] < Math.floorDiv(map.length * step, STEPS)) {
          expected[e] = to[e];
        }
        sum += expected[e];
      }
      assertThat(asked.inputs.get(step)).containsExactly(expected);
      assertThat(curve[step]).isEqualTo(sum / expected.length);
    }
  }

  /** How many pixels go before this one. */
  private static int place(float[] map, int pixel) {
    int before = 0;
    for (int other = 0; other < map.length; other++) {
      if (map[other] > map[pixel] || (map[other] == map[pixel] && other < pixel)) {
        before++;
      }
    }
    return before;
  }

  @Property(tries = 100)
  void onlyTheOrderOfTheMapCounts(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int height) {
    Random random = new Random(seed);
    HostTensor input = whole(random, 100, 2, height, 9);
    HostTensor map = whole(random, 30, height, 9);
    HostTensor bent = map.copy();
    for (int e = 0; e < bent.data().length; e++) {
      bent.data()[e] = map.data()[e] * map.data()[e] / 4 - 50;
    }
    assertThat(PerturbationCurve.insertion(input, bent).probabilities(new Asked(), 16))
        .containsExactly(PerturbationCurve.insertion(input, map).probabilities(new Asked(), 16));
  }

  /** Of maps without equal values, deletion follows the pixels wherever they are. */
  @Property(tries = 100)
  void deletionDoesNotCareWhereAPixelIs(@ForAll long seed) {
    Random random = new Random(seed);
    List<Integer> order = new ArrayList<>(IntStream.range(0, 77).boxed().toList());
    Collections.shuffle(order, random);
    HostTensor input = whole(random, 100, 1, 7, 11);
    HostTensor map = falling(7, 11);
    HostTensor mixedInput = HostTensor.zeros(input.shape());
    HostTensor mixedMap = HostTensor.zeros(map.shape());
    for (int e = 0; e < 77; e++) {
      mixedInput.data()[e] = input.data()[order.get(e)];
      mixedMap.data()[e] = map.data()[order.get(e)];
    }
    assertThat(PerturbationCurve.deletion(mixedInput, mixedMap).probabilities(new Asked(), 16))
        .containsExactly(PerturbationCurve.deletion(input, map).probabilities(new Asked(), 16));
  }

  @Property(tries = 100)
  void theAreaStaysWithinTheCurve(@ForAll long seed) {
    double[] curve = new Random(seed).doubles(STEPS + 1).toArray();
    assertThat(PerturbationCurve.area(curve))
        .isBetween(
            Arrays.stream(curve).min().orElseThrow(), Arrays.stream(curve).max().orElseThrow());
    double[] back = IntStream.rangeClosed(0, STEPS).mapToDouble(i -> curve[STEPS - i]).toArray();
    assertThat(PerturbationCurve.area(back))
        .isCloseTo(PerturbationCurve.area(curve), within(EXACT));
  }
}
