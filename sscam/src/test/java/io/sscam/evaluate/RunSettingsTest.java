package io.sscam.evaluate;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RunSettingsTest {
  private static final String SHA = "0".repeat(64);

  @Test
  void aStrangersLogCannotAskForPicturesOfAnySizeOrKind() {
    assertThatThrownBy(() -> model(60_000, "stretch"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("model.inputHeight is 1 to 4096, not 60000");
    assertThatThrownBy(() -> model(224, "other"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("model.preprocessing is one of imagenet, stretch");
  }

  private static RunSettings.Model model(int height, String preprocessing) {
    return new RunSettings.Model(
        "resnet18", SHA, SHA, "layer4", height, 224, preprocessing, "fp32", "cpu");
  }
}
