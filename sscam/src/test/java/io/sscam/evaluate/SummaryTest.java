package io.sscam.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sscam.evaluate.Summary.Difference;
import io.sscam.evaluate.Summary.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SummaryTest {
  private static final Variant BASE = Made.variant("base", 1);
  private static final Variant MEAN = Made.control(Variant.MEAN_ACTIVATION);
  private static final double EXACT = 1e-12;

  private static Summary summary(RunSettings settings, List<Outcome> outcomes, Skipped... skipped) {
    return Summary.of(new Results(settings, outcomes, List.of(skipped)));
  }

  private static OptionalDouble some(double value) {
    return OptionalDouble.of(value);
  }

  @Test
  void meansAreThoseOfThePapers() {
    RunSettings settings = Made.settings(4, BASE);
    Summary summary =
        summary(
            settings,
            List.of(
                Made.outcome("a", BASE, 0.8, 0.6, some(0.5), 1, 2), // drop 25 %
                Made.outcome("b", BASE, 0.5, 0.75, some(0.7), 1, 2), // increase
                Made.outcome("c", BASE, 0, 0, OptionalDouble.empty(), 0, 0)), // neither; blank
            new Skipped("d", "broken"));

    Summary.Row row = summary.row(BASE);
    assertThat(row.mean(Measure.AVERAGE_DROP).orElseThrow().mean())
        .isCloseTo(25.0 / 3, within(EXACT));
    assertThat(row.mean(Measure.AVERAGE_INCREASE).orElseThrow().mean())
        .isCloseTo(100.0 / 3, within(EXACT));
    assertThat(row.mean(Measure.POINTING).orElseThrow().mean()).isCloseTo(60, within(EXACT));
    assertThat(row.mean(Measure.POINTING).orElseThrow().n()).isEqualTo(2);
    assertThat(row.mean(Measure.DELETION)).isEmpty();
    assertThat(row.blank()).isEqualTo(1);
    assertThat(row.forwardPasses()).isEqualTo(3 * 5120);
    assertThat(summary.total()).isEqualTo(4);
    assertThat(summary.explained()).isEqualTo(3);
    assertThat(summary.pending()).isZero();
    assertThat(summary.reasons())
        .containsExactlyEntriesOf(new java.util.TreeMap<>(java.util.Map.of("broken", 1)));
  }

  @Test
  void adccIsTheHarmonicMeanOfItsThree() {
    Outcome plain = Made.outcome("a", BASE, 0.8, 0.4, some(0.5), 1, 2);
    assertThat(Measure.ADCC.of(plain)).isEmpty();
    Outcome outcome = withCoherency(plain, 0.5);
    // complexity 0.4: 3 / (1/0.5 + 1/0.6 + 1/0.5)
    assertThat(Measure.ADCC.of(outcome).orElseThrow()).isCloseTo(300 / (17.0 / 3), within(EXACT));
    assertThat(Measure.ADCC.of(withCoherency(plain, 0)).orElseThrow()).isZero();
  }

  private static Outcome withCoherency(Outcome o, double coherency) {
    return new Outcome(
        o.picture(),
        o.variant(),
        o.classIndex(),
        o.className(),
        o.correct(),
        o.probability(),
        o.explainedProbability(),
        o.pointing(),
        o.boxShare(),
        o.deletion(),
        o.insertion(),
        some(coherency),
        o.complexity(),
        o.effectiveChannels(),
        o.blank(),
        o.seed(),
        o.mapHeight(),
        o.mapWidth(),
        o.map(),
        o.seconds(),
        o.forwardPasses());
  }

  @Test
  void differencesArePairedOnTheSamePictures() {
    RunSettings settings = Made.settings(3, BASE, MEAN);
    Summary summary =
        summary(
            settings,
            List.of(
                Made.outcome("a", BASE, 0.5, 0.5, some(0.5), 1, 2),
                Made.outcome("b", BASE, 0.5, 0.4, some(0.5), 1, 2),
                Made.outcome("c", BASE, 0.5, 0.4, OptionalDouble.empty(), 1, 2),
                Made.outcome("b", MEAN, 0.5, 0.5, some(0.2), 1, 2),
                Made.outcome("a", MEAN, 0.5, 0.25, some(0.5), 1, 2),
                Made.outcome("c", MEAN, 0.5, 0.4, some(0.1), 1, 2)));

    Difference drop = difference(summary, Measure.AVERAGE_DROP, MEAN, BASE);
    assertThat(drop.difference().mean()).isCloseTo((50 - 20 + 0) / 3.0, within(EXACT));
    assertThat(List.of(drop.wins(), drop.ties(), drop.losses())).containsExactly(1, 1, 1);
    Difference pointing = difference(summary, Measure.POINTING, BASE, MEAN);
    assertThat(pointing.difference().n()).isEqualTo(2);
    assertThat(pointing.difference().mean()).isCloseTo(15, within(EXACT));
    assertThat(List.of(pointing.wins(), pointing.ties(), pointing.losses()))
        .containsExactly(1, 1, 0);
  }

  private static Difference difference(Summary summary, Measure measure, Variant a, Variant b) {
    return summary.differences().stream()
        .filter(d -> d.measure() == measure && d.variant().equals(a) && d.against().equals(b))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void seedsAgreeAsFarAsTheirMapsDo() {
    Variant other = Made.variant("other", 2);
    RunSettings settings = Made.settings(3, BASE, other);
    Summary summary =
        summary(
            settings,
            List.of(
                Made.outcome("a", BASE, 0.5, 0.5, some(0.5), 1, 2, 3, 4),
                Made.outcome("a", other, 0.5, 0.5, some(0.5), 2, 4, 6, 9), // ρ = 1
                Made.outcome("b", BASE, 0.5, 0.5, some(0.5), 1, 2, 3, 4),
                Made.outcome("b", other, 0.5, 0.5, some(0.5), 1, 3, 2, 4), // ρ = 0.8
                Made.outcome("c", BASE, 0.5, 0.5, some(0.5), 1, 2, 3, 4),
                Made.outcome("c", other, 0.5, 0.5, some(0.5), 0, 0, 0, 0))); // none

    assertThat(summary.agreements()).hasSize(1);
    Summary.Agreement agreement = summary.agreements().get(0);
    assertThat(agreement.kind()).isEqualTo(Kind.SEED);
    assertThat(agreement.variants()).containsExactly(BASE, other);
    assertThat(agreement.spearman().mean()).isCloseTo(0.9, within(EXACT));
    assertThat(agreement.spearman().n()).isEqualTo(2);
    assertThat(summary.label(BASE)).isEqualTo("SS-CAM, seed 1");
  }

  @Test
  void eachNIsComparedWithTheLargest() {
    Variant few = new Variant("few", "N = 2", "ss-cam", "default", 2.0, 2, null, 1, false);
    Variant some = new Variant("some", "N = 10", "ss-cam", "default", 2.0, 10, null, 1, false);
    Variant many = new Variant("many", "N = 35", "ss-cam", "default", 2.0, 35, null, 1, false);
    Variant apart = new Variant("apart", "σ = 4", "ss-cam", "default", 4.0, 35, null, 1, false);
    RunSettings settings = Made.settings(1, many, few, some, apart);

    Summary summary = summary(settings, Made.outcomes("a", settings));

    assertThat(summary.agreements())
        .extracting(agreement -> agreement.variants().stream().map(Variant::id).toList())
        .containsExactly(List.of("few", "many"), List.of("some", "many"));
  }

  @Test
  void fewerChannelsAreComparedWithTheMost() {
    Variant all = new Variant("all", "all", "ss-cam", "default", 2.0, 10, null, 1, false);
    Variant few = new Variant("few", "few", "ss-cam", "default", 2.0, 10, 64, 1, false);
    Variant some = new Variant("some", "some", "ss-cam", "default", 2.0, 10, 128, 1, false);
    Variant apart = new Variant("apart", "N = 2", "ss-cam", "default", 2.0, 2, 64, 1, false);
    RunSettings settings = Made.settings(1, some, all, few, apart);

    Summary summary = summary(settings, Made.outcomes("a", settings));

    assertThat(summary.agreements())
        .extracting(
            agreement ->
                agreement.kind() + " " + agreement.variants().stream().map(Variant::id).toList())
        .containsExactly("SAMPLES [apart, few]", "CHANNELS [few, all]", "CHANNELS [some, all]");
  }

  @Test
  void theOrderOfTheLogDoesNotMatter() {
    RunSettings settings = Made.settings(40, BASE, MEAN);
    List<Outcome> outcomes = new ArrayList<>();
    Random random = new Random(3);
    for (int i = 0; i < 38; i++) {
      for (Variant variant : settings.variants()) {
        outcomes.add(
            Made.outcome(
                "p" + i, variant, 0.9, random.nextDouble(), some(random.nextDouble()), 1, 2));
      }
    }
    List<Skipped> skipped = new ArrayList<>(List.of(new Skipped("x", "1"), new Skipped("y", "1")));
    Summary first = Summary.of(new Results(settings, outcomes, skipped));
    Collections.shuffle(outcomes, random);
    Collections.reverse(skipped);

    assertThat(Summary.of(new Results(settings, outcomes, skipped))).isEqualTo(first);
  }

  @Test
  void anUnfinishedRunSaysWhatIsPending() {
    Summary summary = summary(Made.settings(3, BASE), List.of(), new Skipped("a", "broken"));

    assertThat(summary.pending()).isEqualTo(2);
    assertThat(summary.row(BASE).means()).isEmpty();
    assertThat(summary.measures()).isEmpty();
  }

  @Test
  void picturesThatDoNotMatchAreRefused() {
    RunSettings settings = Made.settings(2, BASE, MEAN);
    assertThatThrownBy(
            () -> summary(settings, List.of(Made.outcome("a", BASE), Made.outcome("b", MEAN))))
        .hasMessageContaining("different pictures");
    assertThatThrownBy(
            () -> summary(settings, Made.outcomes("a", settings), new Skipped("a", "broken")))
        .hasMessageContaining("twice");
  }
}
