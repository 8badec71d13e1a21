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
    assertThat(lines).hasSize(6).allMatch(line -> line.length() <= BenchReport.WIDTH);
    assertThat(lines.get(1)).startsWith("faster ").endsWith(" 0.500  FASTER");
    assertThat(lines.get(2)).startsWith("slower ").endsWith(" 2.00  SLOWER");
    assertThat(lines.get(3)).startsWith("noisy ").endsWith(" 2.00");
    assertThat(lines.get(4)).startsWith("share ").endsWith(" 1.20  MORE");
    assertThat(lines.get(5)).isEqualTo("3 of 4 rows changed by more than the spread of both runs");
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
