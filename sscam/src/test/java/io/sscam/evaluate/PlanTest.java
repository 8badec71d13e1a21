package io.sscam.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.Method;
import io.sscam.Scoring;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class PlanTest {
  @Test
  void logsNameAllChannelsAsEver() {
    Variant scoreCam = Plan.of(Method.scoreCam(), 7).variant();
    assertThat(scoreCam.id()).isEqualTo("score-cam");
    assertThat(scoreCam.title()).isEqualTo("Score-CAM");
    Variant ssCam = Plan.of(Method.ssCam(), 7).variant();
    assertThat(ssCam.id()).isEqualTo("ss-cam/default/sigma=1/n=10/seed=7");
    assertThat(ssCam.title()).isEqualTo("SS-CAM default σ=1 N=10");
    assertThat(ssCam.topChannels()).isNull();
  }

  @Test
  void idsAreTheSameInEveryLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertThat(String.format("%d", 1)).isEqualTo("١");
      Variant ssCam = Plan.of(Method.ssCam(), 7).variant();
      assertThat(ssCam.id()).isEqualTo("ss-cam/default/sigma=1/n=10/seed=7");
      assertThat(Labels.of(List.of(ssCam, Plan.of(Method.ssCam(), 8).variant())).values())
          .contains("SS-CAM default σ=1 N=10, seed 8");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void fewerChannelsAreOtherVariants() {
    Scoring few = Scoring.scoreCam().withTopChannels(64);
    Variant scoreCam = Plan.of(new Method.ScoreCam(few), 7).variant();
    assertThat(scoreCam.id()).isEqualTo("score-cam/top=64");
    assertThat(scoreCam.title()).isEqualTo("Score-CAM K=64");
    assertThat(scoreCam.topChannels()).isEqualTo(64);
    Scoring noisy = Scoring.preset("paper").withTopChannels(64);
    Variant ssCam = Plan.of(new Method.SsCam("paper", noisy), 7).variant();
    assertThat(ssCam.id()).isEqualTo("ss-cam/paper/sigma=4/n=10/top=64/seed=7");
    assertThat(ssCam.title()).isEqualTo("SS-CAM paper σ=4 N=10 K=64");
  }
}
