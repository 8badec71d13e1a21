package io.sscam.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Small made-up settings and outcomes. */
public final class Made {
  static final String SHA = "0123456789abcdef".repeat(4);

  private Made() {}

  static Variant variant(String id, long seed) {
    return new Variant(id, "SS-CAM", "ss-cam", "default", 2.0, 10, null, seed, false);
  }

  static Variant control(String method) {
    return new Variant(method, method, method, null, null, null, null, 0, true);
  }

  static RunSettings settings(int pictures, Variant... variants) {
    return settings(RunSettings.Shard.whole(pictures), pictures, variants);
  }

  static RunSettings settings(RunSettings.Shard shard, int pictures, Variant... variants) {
    return new RunSettings(
        "sscam-engine 0.1.0",
        new RunSettings.Data("demo", "test", pictures, SHA, null, 100, 7L),
        new RunSettings.Model(
            "resnet18", SHA, SHA, "layer4", 224, 224, "stretch", "fp32", "cpu (2 threads)"),
        "top",
        List.of(variants),
        List.of("drop", "pointing"),
        shard,
        "java -jar sscam-engine.jar evaluate demo");
  }

  /** A 2×2 map, Y = 0.8, O = 0.6. */
  static Outcome outcome(String picture, Variant variant) {
    return outcome(picture, variant, 0.8, 0.6, OptionalDouble.of(0.5), 1, 0, 0.25f, 0.5f);
  }

  static Outcome outcome(
      String picture,
      Variant variant,
      double probability,
      double explained,
      OptionalDouble pointing,
      float... map) {
    boolean blank = true;
    for (float value : map) {
      blank &= value == 0;
    }
    return new Outcome(
        picture,
        variant.id(),
        3,
        "goldfish",
        true,
        probability,
        explained,
        pointing,
        OptionalDouble.of(0.25),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        0.4,
        340.5,
        blank,
        variant.seed(),
        2,
        map.length / 2,
        map,
        1.5,
        5120);
  }

  static List<Outcome> outcomes(String picture, RunSettings settings) {
    List<Outcome> all = new ArrayList<>();
    settings.variants().forEach(variant -> all.add(outcome(picture, variant)));
    return all;
  }
}
