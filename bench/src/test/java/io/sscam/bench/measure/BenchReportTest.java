package io.sscam.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table. */
class BenchReportTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0.000",
    "0.01234, 0.012",
    "1.2345, 1.23",
    "9.996, 10.0",
    "12.345, 12.3",
    "99.96, 100",
    "999999, 999999",
    "1234567, 1.2e+06",
    "-3.456, -3.46",
  })
  void threeDigits(double value, String text) {
    assertThat(BenchReport.number(value)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "1.5e-7, s, 0.150 µs",
    "2.5e-4, s, 250 µs",
    "0.0123, s, 12.3 ms",
    "61.5, s, 61.5 s",
    "12.34, %, 12.3 %",
    "3145728, B, 3.00 MiB",
    "3221225472, B, 3.00 GiB",
  })
  void quantitiesHaveAShortUnit(double value, String unit, String text) {
    assertThat(BenchReport.quantity(value, unit)).isEqualTo(text);
  }

  @Test
  void aRowByHand() {
    // 10 MB and 10 MFLOP in 2 ms: 5 GB/s, half of 10; 5 GFLOP/s, a twentieth of 100.
    Measurement row = Rows.timed("normalise", 2e-3, 1.9e-3, 2.2e-3, 10e6, 10e6);
    assertThat(BenchReport.cells(row, Rows.result().roof()))
        .containsExactly("normalise", "8×8", "2.00 ms", "10%", "5.00", "5.00", "50%", "bandwidth");
  }

  @Test
  void aShareHasNoRateAndASpreadInPoints() {
    assertThat(BenchReport.cells(Rows.share("forward", 97), Rows.result().roof()))
        .containsExactly("forward", "N = 2", "97.0 %", "2.0", "", "", "", "");
  }

  @Test
  void noLineIsWiderThanTheTable() {
    String longText = "a rather long text ".repeat(20) + "x".repeat(300);
    BenchResult result =
        new BenchResult(
            false,
            Map.of("flags", longText),
            new Roof(1e12, 1e13, 1e15),
            List.of(
                Rows.timed(longText, 123456, 1, 9e9, 1e30, 1e30),
                Rows.timed("tiny", 1e-9, 1e-9, 1e-9, 1, 1),
                Rows.net(512, 0.001),
                Rows.share("share", 99.9)),
            List.of(longText));
    List<String> lines = BenchReport.lines(result);
    assertThat(lines).allMatch(line -> line.length() <= BenchReport.WIDTH);
    assertThat(String.join("", lines).replace(" ", "")).contains("x".repeat(300));
  }

  @Test
  void everyGroupWithRowsHasItsHeading() {
    List<String> lines = BenchReport.lines(Rows.result(Rows.net(1, 0.01), Rows.share("s", 5)));
    assertThat(lines).anyMatch(line -> line.startsWith("nets ") && line.contains("images/s"));
    assertThat(lines).anyMatch(line -> line.startsWith("sscam ") && line.contains("passes/s"));
    assertThat(lines).noneMatch(line -> line.startsWith("kernels "));
    assertThat(lines).contains("* a note");
  }
}
