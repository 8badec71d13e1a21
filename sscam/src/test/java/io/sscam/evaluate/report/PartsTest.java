package io.sscam.evaluate.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.evaluate.Measure;
import io.sscam.evaluate.Outcome;
import io.sscam.evaluate.Summary;
import java.util.Locale;
import java.util.stream.DoubleStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** The small parts of a page: escaping, numbers, axes, curves, heatmaps. */
class PartsTest {

  @Test
  void valuesAreEscapedAndMarkupIsNot() {
    Html inner = new Html().add("<i>{}</i>", "a<b");
    assertThat(new Html().add("<p title=\"{}\">{}</p>", "\"&'", inner).toString())
        .isEqualTo("<p title=\"&quot;&amp;&#39;\"><i>a&lt;b</i>\n</p>\n");
    assertThat(new Html().add("{}", "{}").toString()).isEqualTo("{}\n");
    assertThatThrownBy(() -> new Html().add("{}")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Html().add("", 1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void numbersAreTheSameInEveryLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertThat(Numbers.of(Measure.AVERAGE_DROP, 12.345)).isEqualTo("12.3");
      assertThat(Numbers.of(Measure.DELETION, 0.1234)).isEqualTo("0.123");
      assertThat(Numbers.of(Measure.AVERAGE_DROP, -0.04)).isEqualTo("0.0");
      assertThat(Numbers.signed(Measure.AVERAGE_DROP, -1.25)).isEqualTo("−1.3");
      assertThat(Numbers.signed(Measure.AVERAGE_DROP, 0.5)).isEqualTo("+0.5");
      assertThat(Numbers.signed(Measure.AVERAGE_DROP, 0.01)).isEqualTo("0.0");
      assertThat(Numbers.count(1234567)).isEqualTo("1\u202F234\u202F567");
      assertThat(Numbers.plain(2)).isEqualTo("2");
      assertThat(Numbers.plain(0.5)).isEqualTo("0.5");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void anAxisHasRoundTicks() {
    Scale scale = Scale.around(DoubleStream.of(22, 47));
    assertThat(scale.ticks()).containsExactly(20.0, 30.0, 40.0, 50.0);
    assertThat(scale.percent(35)).isEqualTo("50.00%");
    assertThat(Scale.around(DoubleStream.of(0.21, 0.28)).ticks().stream().map(t -> "" + t))
        .hasSizeBetween(3, 6);
    assertThat(Scale.around(DoubleStream.of(0.215, 0.28)).label(0.22)).isEqualTo("0.22");
    assertThat(Scale.around(DoubleStream.of(5, 5)).at(5)).isEqualTo(0.5);
    assertThat(Scale.around(DoubleStream.empty()).ticks()).hasSizeGreaterThan(1);
  }

  @Property
  void anAxisHoldsItsValuesWithFewTicks(
      @ForAll @DoubleRange(min = -1000, max = 1000) double a,
      @ForAll @DoubleRange(min = -1000, max = 1000) double b) {
    Scale scale = Scale.around(DoubleStream.of(a, b));

    double slack = scale.step() * 1e-9;
    assertThat(scale.low()).isLessThanOrEqualTo(Math.min(a, b) + slack);
    assertThat(scale.high()).isGreaterThanOrEqualTo(Math.max(a, b) - slack);
    assertThat(scale.ticks()).hasSizeBetween(2, 7);
    assertThat(scale.ticks().stream().map(scale::label)).doesNotHaveDuplicates();
  }

  @Test
  void aCurveIsWhatDiffersInOneParameter() {
    Summary summary = Summary.of(DemoRun.results());

    assertThat(Sweeps.of(summary))
        .extracting(sweep -> sweep.parameter() + " " + sweep.ticks())
        .containsExactly("σ [0.5, 1, 2, 4]", "N [2, 10, 35]", "Top channels [64, 128, all]");
    assertThat(Sweeps.of(summary).get(1).points())
        .extracting(variant -> variant.seed())
        .containsOnly(1L);
    assertThat(Sweeps.of(summary).get(2).title()).isEqualTo("ss-cam, default, σ = 2, N = 10");
  }

  @Test
  void aHeatmapIsNormalisedAfterUpsampling() {
    Outcome o = DemoRun.outcomes("x").get(0);

    float[] heat = Thumbnail.heatmap(o, 7, 7).data(); // the map's own size: only normalised

    float[] map = o.map();
    float min = Float.MAX_VALUE;
    float max = 0;
    for (float value : map) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    for (int i = 0; i < map.length; i++) {
      assertThat(heat[i]).isEqualTo((map[i] - min) / (max - min));
    }
  }

  @Test
  void theFindingSaysWhatTheNumbersSay() {
    Summary summary = Summary.of(DemoRun.results());
    String finding = Finding.of(summary);

    double pointing =
        summary.row(summary.settings().base()).mean(Measure.POINTING).orElseThrow().mean();
    assertThat(finding)
        .contains(Numbers.fixed(pointing, 1) + " % of its map’s energy")
        .contains("more than the plain mean of the activations (better")
        .endsWith(".");
  }
}
