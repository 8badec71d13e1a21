package io.sscam.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeyNamesTest {

  private static List<String> canonical(String... names) {
    return List.copyOf(KeyNames.canonical(List.of(names)).keySet());
  }

  @Test
  void aPrefixOfAllNamesIsRemoved() {
    assertThat(canonical("module.conv1.weight", "module.fc.bias"))
        .containsExactly("conv1.weight", "fc.bias");
    assertThat(canonical("module.module.conv1.weight", "module.module.fc.bias"))
        .containsExactly("conv1.weight", "fc.bias");
    assertThat(KeyNames.canonical(List.of("module.a"))).containsEntry("a", "module.a");
  }

  @Test
  void aPrefixOfSomeNamesStays() {
    assertThat(canonical("module.a", "b")).containsExactly("module.a", "b");
    assertThat(canonical("module.", "module.a")).containsExactly("module.", "module.a");
    assertThat(canonical("modulea")).containsExactly("modulea");
  }

  @Test
  void manyPrefixesAreRemovedAtOnce() {
    String name = "module.".repeat(149_796) + "x";
    Map<String, String> names =
        assertTimeoutPreemptively(
            Duration.ofSeconds(20), () -> KeyNames.canonical(List.of(name, name + "y")));
    assertThat(names).containsExactly(Map.entry("x", name), Map.entry("xy", name + "y"));
  }

  @Test
  void wrappedFeaturesOfAVggAreUnwrapped() {
    assertThat(canonical("features.module.0.weight", "classifier.0.weight"))
        .containsExactly("features.0.weight", "classifier.0.weight");
    assertThat(canonical("module.features.module.0.weight", "module.classifier.6.bias"))
        .containsExactly("features.0.weight", "classifier.6.bias");
  }

  @Test
  void todaysNamesStay() {
    String[] today = {"features.0.weight", "features.3.squeeze.bias", "classifier.1.weight"};
    assertThat(canonical(today)).containsExactly(today);
    assertThat(canonical()).isEmpty();
  }

  @Test
  void stepCountersAreKnown() {
    assertThat(KeyNames.isStepCounter("layer1.0.bn1.num_batches_tracked")).isTrue();
    assertThat(KeyNames.isStepCounter("num_batches_tracked")).isTrue();
    assertThat(KeyNames.isStepCounter("bn1.weight")).isFalse();
    assertThat(KeyNames.isStepCounter("xnum_batches_tracked")).isFalse();
  }
}
