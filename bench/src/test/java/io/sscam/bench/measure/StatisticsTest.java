package io.sscam.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Medians, quantiles, spreads and lines by hand. */
class StatisticsTest {

  @Test
  void quantilesLieBetweenNeighbours() {
    Quantiles q = new Quantiles(5, 1, 4, 2, 3);
    assertThat(q.median()).isEqualTo(3);
    assertThat(q.at(0)).isEqualTo(1);
    assertThat(q.at(1)).isEqualTo(5);
    assertThat(q.at(0.1)).isCloseTo(1.4, within(1e-12));
    assertThat(q.at(0.9)).isCloseTo(4.6, within(1e-12));
    assertThat(new Quantiles(1, 2).median()).isEqualTo(1.5);
    assertThat(new Quantiles(7).at(0.9)).isEqualTo(7);
  }

  @Test
  void nothingAndNotANumberHaveNoQuantiles() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Quantiles());
    assertThatIllegalArgumentException().isThrownBy(() -> new Quantiles(1, Double.NaN));
  }

  @Test
  void lineThroughPoints() {
    assertThat(Line.through(new double[] {1, 2}, new double[] {5, 8})).isEqualTo(new Line(2, 3));
    // Residuals 1, −2, 1 about 2 + x, which are orthogonal to 1 and x.
    Line line = Line.through(new double[] {0, 1, 2}, new double[] {3, 1, 5});
    assertThat(line.at(10)).isCloseTo(12, within(1e-12));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Line.through(new double[] {2, 2}, new double[] {1, 3}));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Line.through(new double[] {1, 2}, new double[] {1}));
  }

  @Test
  void allRoundsAreOneSample() {
    Recorder recorder = new Recorder();
    recorder.add(row("b"), 2);
    recorder.add(row("a"), 1, 2);
    recorder.add(row("a"), 3, 4, 5);
    recorder.note("once");
    recorder.note("once");
    List<Measurement> rows = recorder.measurements();
    assertThat(rows).extracting(Measurement::name).containsExactly("b", "a");
    assertThat(rows.get(1).median()).isEqualTo(3);
    assertThat(rows.get(1).low()).isCloseTo(1.4, within(1e-12));
    assertThat(rows.get(1).high()).isCloseTo(4.6, within(1e-12));
    assertThat(recorder.notes()).containsExactly("once");
  }

  /** Distances of 10, 20 and 40 %: three quarters keep to 30 % (type 7 of Hyndman & Fan). */
  @Test
  void aRowAloneCannotTellHowWellItRepeats() {
    Recorder recorder = new Recorder();
    recorder.add(row("a"), 9, 10, 11);
    recorder.add(row("b"), 2, 2, 2);
    recorder.add(row("c"), 6);
    recorder.add(row("d"), 1);
    recorder.add(row("once"), 100, 300);
    recorder.add(Recorder.Row.of(Group.KERNELS, "bytes", "", Measurement.BYTES), 64);
    recorder.add(Recorder.Row.of(Group.KERNELS, "share", "", Measurement.PERCENT), 8);
    recorder.add(Recorder.Row.of(Group.KERNELS, "the rest", "", Measurement.PERCENT), -4);
    recorder.add(Recorder.Row.timed(Group.NETS, "of another group", "", 0, 0, 0), 5, 5.5, 6);
    recorder.nextRound();
    recorder.add(row("a"), 11, 10, 12);
    recorder.add(row("b"), 2, 2, 2);
    recorder.add(row("c"), 5);
    recorder.add(row("d"), 1.4);
    recorder.add(Recorder.Row.of(Group.KERNELS, "bytes", "", Measurement.BYTES), 64);
    recorder.add(Recorder.Row.of(Group.KERNELS, "share", "", Measurement.PERCENT), 10);
    recorder.add(Recorder.Row.of(Group.KERNELS, "the rest", "", Measurement.PERCENT), -4.1);
    recorder.add(Recorder.Row.timed(Group.NETS, "of another group", "", 0, 0, 0), 5.5);
    List<Measurement> rows = recorder.measurements();
    range(rows.get(0), 10.5 / 1.3, 10.5 * 1.3);
    range(rows.get(1), 2, 2); // exact
    range(rows.get(2), 5.5 / 1.3, 5.5 * 1.3);
    range(rows.get(3), 1.2 / 1.3, 1.2 * 1.3);
    range(rows.get(4), 120, 280); // more than 30 %, though in one round
    range(rows.get(5), 64, 64);
    range(rows.get(6), 9 - 1.525, 9 + 1.525); // of 2 and 0.1 points
    range(rows.get(7), -4.05 - 1.525, -4.05 + 1.525);
    range(rows.get(8), 5.15, 5.85); // the quantiles: its rounds agree
  }

  /** Predicted is 1 + 3·2 = 7 s for N = 3, of times 1, 4 and 9 s; or 3 of 1, 2 and 3 s. */
  @Test
  void timesThatGrowWithTheSquareAreNotLinear() {
    assertThat(growth(1, 4, 9)).startsWith("the time of an explanation is NOT linear in N");
    assertThat(growth(1, 2, 3)).startsWith("the time of an explanation is linear in N");
  }

  /** Two rounds of which one takes a quarter longer. */
  private static String growth(double one, double two, double three) {
    Recorder recorder = new Recorder();
    Recorder.Row row = Recorder.Row.timed(Group.SSCAM, SscamBench.NAME, "N = 3", 0, 0, 0);
    for (double factor = 1; factor <= 1.25; factor += 0.25) {
      Growth growth = new Growth("N");
      growth.add(1, factor * one);
      growth.add(2, factor * two);
      recorder.add(row, factor * three);
      growth.predict(3, "N = 3", recorder);
      recorder.nextRound();
    }
    return Growth.verdicts(recorder.ownSpreads()).get(0);
  }

  private static void range(Measurement row, double low, double high) {
    assertThat(row.low()).as(row.name()).isCloseTo(low, within(1e-12));
    assertThat(row.high()).as(row.name()).isCloseTo(high, within(1e-12));
  }

  private static Recorder.Row row(String name) {
    return Recorder.Row.timed(Group.KERNELS, name, "", 0, 0, 0);
  }

  @Test
  void ratesAndSpread() {
    Measurement row = Rows.timed("x", 2, 1.5, 2.25, 8, 100);
    assertThat(row.bytesPerSecond()).isEqualTo(4);
    assertThat(row.flopsPerSecond()).isEqualTo(50);
    assertThat(row.distance()).isEqualTo(0.5);
    assertThat(row.spread()).isEqualTo(0.25);
    assertThat(Rows.timed("x", 0, 0, 0, 0, 0).spread()).isZero();
  }

  @Test
  void rowsDifferWhenTheirSpreadsDoNotTouch() {
    Measurement row = Rows.timed("x", 2, 1, 3, 0, 0);
    assertThat(row.differsFrom(Rows.timed("x", 4, 3, 5, 0, 0))).isFalse();
    assertThat(row.differsFrom(Rows.timed("x", 4, 3.01, 5, 0, 0))).isTrue();
    assertThat(row.differsFrom(Rows.timed("x", 0.5, 0, 0.99, 0, 0))).isTrue();
    assertThat(row.differsFrom(Rows.timed("x", 2, Double.NaN, 3, 0, 0))).isTrue();
  }
}
