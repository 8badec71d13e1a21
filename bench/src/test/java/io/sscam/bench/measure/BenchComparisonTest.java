package io.sscam.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two results side by side. */
class BenchComparisonTest {

  @Test
  void onlyWhatLeavesBothSpreadsIsMarked() {
    BenchResult old =
        Rows.result(
            Rows.timed("faster", 2, 1.9, 2.1, 0, 0),
            Rows.timed("slower", 2, 1.9, 2.1, 0, 0),
            Rows.timed("noisy", 2, 1, 3, 0, 0),
            Rows.timed("gone", 2, 1, 3, 0, 0),
            Rows.share("share", 50));
    BenchResult now =
        Rows.result(
            Rows.timed("faster", 1, 0.9, 1.1, 0, 0),
            Rows.timed("slower", 4, 3.9, 4.1, 0, 0),
            Rows.timed("noisy", 4, 2.9, 5, 0, 0),
            Rows.timed("new", 2, 1, 3, 0, 0),
            Rows.share("share", 60));
    List<String> lines = BenchComparison.lines(old, now);
    assertThat(lines).hasSize(7).allMatch(line -> line.length() <= BenchReport.WIDTH);
    assertThat(lines.get(1)).startsWith("faster ").endsWith(" 0.500  FASTER");
    assertThat(lines.get(2)).startsWith("slower ").endsWith(" 2.00  SLOWER");
    assertThat(lines.get(3)).startsWith("noisy ").endsWith(" 2.00");
    assertThat(lines.get(4)).startsWith("share ").endsWith(" 1.20  MORE");
    assertThat(lines.get(5)).startsWith("3 of 4 rows changed by more than the spread of both runs");
    assertThat(lines.get(6)).contains("median now ÷ before: 1.00");
  }

  @Test
  void whatOnlyTheMachineChangedIsNotMarked() {
    BenchResult old =
        Rows.result(
            Rows.ceiling("copy", 4),
            Rows.ceiling("product", 2),
            Rows.ceiling("triad", 1),
            Rows.timed("as the machine", 2, 1.9, 2.1, 0, 0),
            Rows.timed("more than the machine", 2, 1.9, 2.1, 0, 0),
            Rows.timed("against the machine", 2, 1.9, 2.1, 0, 0),
            Rows.timed("unlike the machine", 2, 1.9, 2.1, 0, 0));
    BenchResult now =
        Rows.result(
            Rows.ceiling("copy", 2),
            Rows.ceiling("product", 1),
            Rows.ceiling("triad", 3),
            Rows.timed("as the machine", 1, 0.9, 1.1, 0, 0),
            Rows.timed("more than the machine", 0.5, 0.4, 0.6, 0, 0),
            Rows.timed("against the machine", 4, 3.9, 4.1, 0, 0),
            Rows.timed("unlike the machine", 2, 1.9, 2.1, 0, 0));
    List<String> lines = BenchComparison.lines(old, now);
    assertThat(lines.get(3)).startsWith("triad").endsWith("SLOWER");
    assertThat(lines.get(4)).startsWith("as the machine").endsWith("0.500");
    assertThat(lines.get(5)).startsWith("more than the machine").endsWith("FASTER");
    assertThat(lines.get(6)).startsWith("against the machine").endsWith("SLOWER");
    assertThat(lines.get(7)).startsWith("unlike the machine").endsWith("1.00");
    assertThat(lines.get(8)).startsWith("3 of 7 rows");
    assertThat(lines.get(9)).contains("median now ÷ before: 0.500");
  }

  @ParameterizedTest
  @CsvSource({"device, cuda:0", "hardware, another CPU", "precision, fp16", "threads, 8"})
  void anotherMachineIsRefused(String fact, String value) {
    BenchResult old = Rows.result();
    Map<String, String> now = new HashMap<>(old.environment());
    assertThatCode(() -> BenchComparison.requireAlike(old, true, now)).doesNotThrowAnyException();
    now.put(fact, value);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BenchComparison.requireAlike(old, true, now))
        .withMessageContaining("another " + fact)
        .withMessageContaining(value);
  }

  @Test
  void aQuickResultIsNotComparedWithAFullOne() {
    BenchResult old = Rows.result();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BenchComparison.requireAlike(old, false, old.environment()))
        .withMessageContaining("with --quick");
  }
}
