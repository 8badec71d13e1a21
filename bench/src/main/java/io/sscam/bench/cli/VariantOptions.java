package io.sscam.bench.cli;

import io.sscam.Classifier;
import io.sscam.Method;
import io.sscam.Scoring;
import io.sscam.evaluate.Plan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that choose the methods of an evaluation, every combination of them. */
final class VariantOptions {
  @Option(
      names = "--methods",
      split = ",",
      paramLabel = "NAME",
      defaultValue = "all",
      description =
          "cam, grad-cam, grad-cam++, score-cam, ss-cam by commas, or all"
              + " (default: ${DEFAULT-VALUE}); controls are always added.")
  private List<String> methods = List.of("all");

  @Option(
      names = "--presets",
      split = ",",
      paramLabel = "NAME",
      defaultValue = "default",
      description = "SS-CAM's presets, by commas, or all (default: ${DEFAULT-VALUE}).")
  private List<String> presets = List.of("default");

  @Option(
      names = "--sigma",
      split = ",",
      paramLabel = "S",
      description = "Values of sigma to try, by commas (default: the preset's).")
  private List<Double> sigmas = List.of();

  @Option(
      names = "--samples",
      split = ",",
      paramLabel = "N",
      description = "Values of N to try, by commas (default: the preset's; 4 with the demo model).")
  private List<Integer> samples = List.of();

  @Option(
      names = "--top-channels",
      split = ",",
      paramLabel = "N|all",
      converter = ChannelCount.class,
      description =
          "How many channels SS-CAM and Score-CAM score, those that vary most: numbers or all, by"
              + " commas (default: all).")
  private List<Integer> topChannels = List.of(Scoring.ALL_CHANNELS);

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "1",
      description = "Repeat SS-CAM with so many seeds, to see how stable it is (default: 1).")
  private int seeds = 1;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "The first seed of the noise (default: ${DEFAULT-VALUE}).")
  private long seed;

  /** Refuses what is wrong on its face, before a data set is read or a net loaded. */
  void check() {
    if (seeds < 1 || seeds > 100) {
      throw new IllegalArgumentException("--seeds must be from 1 to 100, not " + seeds);
    }
    for (String name : methods) {
      if (!name.equalsIgnoreCase("all")) {
        Method.named(name);
      }
    }
    presetNames().forEach(preset -> variants(preset, false));
    needs(Method.SsCam.class, "--presets", !presets.equals(List.of("default")));
    needs(Method.SsCam.class, "--sigma", !sigmas.isEmpty());
    needs(Method.SsCam.class, "--samples", !samples.isEmpty());
    needs(Method.SsCam.class, "--seeds", seeds > 1);
    needs(
        Method.Scored.class, "--top-channels", !topChannels.equals(List.of(Scoring.ALL_CHANNELS)));
  }

  /** An option that would have no effect is a misunderstanding. */
  private void needs(Class<? extends Method> user, String option, boolean given) {
    boolean used =
        methods.stream()
            .anyMatch(name -> name.equalsIgnoreCase("all") || user.isInstance(Method.named(name)));
    if (given && !used) {
      throw new IllegalArgumentException(
          "%s has no effect without %s among the --methods; leave it out"
              .formatted(option, user == Method.SsCam.class ? "ss-cam" : "ss-cam or score-cam"));
    }
  }

  /** All plans, each once, controls last. */
  List<Plan> plans(Classifier classifier, boolean demo) {
    Map<String, Plan> plans = new LinkedHashMap<>();
    for (String name : methods) {
      if (name.equalsIgnoreCase("all")) {
        Method.names().stream()
            .filter(each -> !each.equals("cam") || classifier.network().gapHead())
            .forEach(each -> add(plans, each, demo));
      } else {
        add(plans, name, demo);
      }
    }
    Plan.controls(seed).forEach(plan -> plans.putIfAbsent(plan.variant().id(), plan));
    return List.copyOf(plans.values());
  }

  private void add(Map<String, Plan> plans, String name, boolean demo) {
    Method method = Method.named(name);
    List<Plan> added = new ArrayList<>();
    if (method instanceof Method.SsCam) {
      presetNames().forEach(preset -> added.addAll(variants(preset, demo)));
    } else if (method instanceof Method.ScoreCam) {
      topChannels.forEach(
          top -> added.add(Plan.of(Method.scoreCam(s -> s.withTopChannels(top)), seed)));
    } else {
      added.add(Plan.of(method, seed));
    }
    added.forEach(plan -> plans.putIfAbsent(plan.variant().id(), plan));
  }

  private List<String> presetNames() {
    List<String> names = new ArrayList<>();
    for (String preset : presets) {
      if (preset.equalsIgnoreCase("all")) {
        names.addAll(Scoring.presets().keySet());
      } else {
        names.add(preset.toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }

  private List<Plan> variants(String preset, boolean demo) {
    Scoring usual = Scoring.preset(preset);
    List<Plan> plans = new ArrayList<>();
    for (Scoring noisy : withSigmas(usual)) {
      for (Scoring scoring : withSamples(noisy, demo && preset.equals("default") ? 4 : null)) {
        for (int top : topChannels) {
          for (int i = 0; i < seeds; i++) {
            plans.add(Plan.ssCam(preset, scoring.withTopChannels(top), seed + i));
          }
        }
      }
    }
    return plans;
  }

  private List<Scoring> withSigmas(Scoring scoring) {
    return sigmas.isEmpty() ? List.of(scoring) : sigmas.stream().map(scoring::withSigma).toList();
  }

  private List<Scoring> withSamples(Scoring scoring, @Nullable Integer usual) {
    if (!samples.isEmpty()) {
      return samples.stream().map(scoring::withSamples).toList();
    }
    return List.of(usual == null ? scoring : scoring.withSamples(usual));
  }
}
