package io.sscam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.Scoring.Noise;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Options, methods and targets as values: what they accept and what they say of the rest. */
class OptionsTest {

  @Example
  void numbersAreChecked() {
    Scoring start = Scoring.preset("default");
    for (double sigma :
        new double[] {
          -1e-9, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1.1e6
        }) {
      assertThatThrownBy(() -> start.withSigma(sigma))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("sigma", Double.toString(sigma));
    }
    for (int samples : new int[] {0, -1, 1_000_001, Integer.MIN_VALUE}) {
      assertThatThrownBy(() -> start.withSamples(samples))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("samples", Integer.toString(samples));
    }
    for (int channels : new int[] {0, -1, Integer.MIN_VALUE}) {
      assertThatThrownBy(() -> start.withTopChannels(channels))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("channel", Integer.toString(channels));
    }
    assertThatThrownBy(() -> Scoring.scoreCam().withSamples(2)).hasMessageContaining("use 1");
    assertThat(start.withSigma(0).sigma()).isZero();
    assertThat(start.withSigma(1e6).sigma()).isEqualTo(1e6);
    assertThat(start.withNoise(Noise.NONE).samples()).isEqualTo(1);
    assertThat(start.withNoise(Noise.MASK).samples()).isEqualTo(start.samples());
  }

  @Example
  void presetsAreTheTableOfTheReadme() {
    assertThat(Scoring.presets().keySet())
        .containsExactly(
            "default",
            "paper",
            "paper-mean",
            "equation-15",
            "algorithm-1",
            "literal",
            "author",
            "torch-cam");
    List<String> table =
        List.of(
            "MASKED_INPUT 1.0 MULTIPLIER 10 MAX PROBABILITY ZERO RAW NONE false AFTER",
            "MASKED_INPUT 4.0 MULTIPLIER 10 MAX PROBABILITY ZERO RAW NONE false AFTER",
            "ACTIVATION 4.0 MULTIPLIER 10 MEAN PROBABILITY ZERO RAW NONE false AFTER",
            "MASK 4.0 ABSOLUTE 10 MAX PROBABILITY ZERO RAW NONE false AFTER",
            "MASKED_INPUT 4.0 MULTIPLIER 10 MAX LOGIT ZERO SOFTMAX NONE false AFTER",
            "MASKED_INPUT 4.0 MULTIPLIER 9 MAX PROBABILITY ZERO SOFTMAX FC true AFTER",
            "MASKED_INPUT 2.0 MULTIPLIER 35 MEAN PROBABILITY NONE RAW NONE false AFTER",
            "MASK 2.0 ABSOLUTE 35 MEAN LOGIT INPUT SOFTMAX NONE false BEFORE");
    assertThat(Scoring.presets().values().stream().map(OptionsTest::row)).isEqualTo(table);
    assertThat(Scoring.presets().values())
        .allMatch(preset -> preset.topChannels() == Scoring.ALL_CHANNELS);
    assertThatThrownBy(() -> Scoring.presets().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> Scoring.preset("nonsense"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("nonsense", "default", "torch-cam");
  }

  private static String row(Scoring s) {
    List<Object> values =
        List.of(
            s.noise(),
            s.sigma(),
            s.sigmaRule(),
            s.samples(),
            s.aggregate(),
            s.score(),
            s.baseline(),
            s.weights(),
            s.channelWeight(),
            s.secondPass(),
            s.normalise());
    return String.join(" ", values.stream().map(Object::toString).toList());
  }

  @Example
  void methodsAreFoundByTheirNames() {
    for (String name : Method.names()) {
      assertThat(Method.named(name).name()).isEqualTo(name);
      assertThat(Method.named(name.toUpperCase(java.util.Locale.ROOT)).name()).isEqualTo(name);
    }
    assertThat(Method.named("SsCam")).isEqualTo(Method.ssCam("default"));
    assertThat(Method.named("scorecam")).isEqualTo(Method.scoreCam());
    assertThat(Method.ssCam("Author"))
        .isEqualTo(new Method.SsCam("author", Scoring.preset("author")));
    assertThatThrownBy(() -> Method.named("cam++"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("cam++", "cam", "score-cam", "ss-cam");
  }

  @Example
  void targetsAreReadAsWritten() {
    assertThat(Target.parse("0")).isEqualTo(new Target.Index(0));
    assertThat(Target.parse("999999999")).isEqualTo(new Target.Index(999_999_999));
    assertThat(Target.parse("9999999999")).isEqualTo(new Target.Named("9999999999"));
    assertThat(Target.parse("-1")).isEqualTo(new Target.Named("-1"));
    assertThat(Target.parse("TOP")).isEqualTo(Target.top());
    assertThat(Target.parse("#12")).isEqualTo(new Target.Ranked(12));
    assertThat(Target.parse("#0")).isEqualTo(new Target.Named("#0"));
    assertThat(Target.parse("laptop")).isEqualTo(new Target.Named("laptop"));
    assertThat(Target.parse("")).isEqualTo(new Target.Named(""));
  }

  @Property
  void anyTextIsATarget(@ForAll String text) {
    Target target = Target.parse(text);
    if (target instanceof Target.Index index) {
      assertThat(Integer.parseInt(text)).isEqualTo(index.index()).isNotNegative();
    } else if (target instanceof Target.Ranked ranked) {
      assertThat(ranked.rank()).isPositive();
    } else {
      assertThat(target).isEqualTo(new Target.Named(text));
    }
  }

  @Property
  void listsOfTargetsAreReadOrRefused(@ForAll String text) {
    try {
      assertThat(Target.parseAll(text)).isNotEmpty();
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining(text);
    }
  }

  @Property
  void numbersAndRanksAreReadBack(@ForAll @IntRange(min = 1, max = 999_999) int number) {
    assertThat(Target.parse(Integer.toString(number))).isEqualTo(new Target.Index(number));
    assertThat(Target.parse("#" + number)).isEqualTo(new Target.Ranked(number));
  }

  @Property
  void effectiveChannelsLieBetweenOneAndThePositiveOnes(
      @ForAll @Size(min = 1, max = 40) float[] alpha) {
    int positive = 0;
    for (float a : alpha) {
      Assume.that(Float.isFinite(a));
      positive += a > 0 ? 1 : 0;
    }
    double effective = Explanation.effectiveChannels(alpha);
    double most = Math.max(1, positive);
    assertThat(effective >= 1 - 1e-9 && effective <= most + 1e-9).as("%s", effective).isTrue();
  }

  @Property
  void equalWeightsAllCount(
      @ForAll @IntRange(min = 1, max = 2048) int channels,
      @ForAll @IntRange(min = -100, max = 100) int exponent) {
    float weight = Math.scalb(0.7f, exponent);
    float[] alpha = new float[channels + 3]; // three more that do not count
    java.util.Arrays.fill(alpha, 0, channels, weight);
    alpha[channels] = -weight;
    double effective = Explanation.effectiveChannels(alpha);
    assertThat(Math.abs(effective - channels) <= 1e-9 * channels).as("%s", effective).isTrue();
  }
}
