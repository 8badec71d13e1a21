package io.sscam.bench.cli;

import io.sscam.Method;
import io.sscam.Scoring;
import io.sscam.engine.backend.CamOperations;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that choose a method's variant; those not given keep the preset's value. */
final class MethodOptions {
  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description =
          "SS-CAM only: default, paper, paper-mean, equation-15, algorithm-1, literal, author or"
              + " torch-cam.")
  private @Nullable String preset;

  @Option(
      names = "--samples",
      paramLabel = "N",
      description =
          "Noisy samples a channel (default: the preset's; 4 with the demo model; 1 without"
              + " noise).")
  private @Nullable Integer samples;

  @Option(
      names = "--sigma",
      paramLabel = "S",
      description = "Strength of the noise (default: the preset's, as for all options below).")
  private @Nullable Double sigma;

  @Option(
      names = "--sigma-rule",
      paramLabel = "RULE",
      description = "How it becomes a standard deviation: multiplier or absolute.")
  private Scoring.@Nullable SigmaRule sigmaRule;

  @Option(
      names = "--noise",
      paramLabel = "WHERE",
      description = "What is made noisy: masked-input, mask, activation or none.")
  private Scoring.@Nullable Noise noise;

  @Option(
      names = "--aggregate",
      paramLabel = "HOW",
      description = "What counts of a channel's samples: max or mean.")
  private CamOperations.@Nullable Aggregate aggregate;

  @Option(
      names = "--score",
      paramLabel = "WHAT",
      description = "What is scored: the class's probability or logit.")
  private CamOperations.@Nullable Score score;

  @Option(
      names = "--baseline",
      paramLabel = "WHAT",
      description = "Whose score is subtracted: zero, input or none.")
  private Scoring.@Nullable Baseline baseline;

  @Option(
      names = "--alpha",
      paramLabel = "HOW",
      description = "How scores become weights: raw or softmax.")
  private Scoring.@Nullable Weights alpha;

  @Option(
      names = "--channel-weight",
      paramLabel = "WHAT",
      description = "What scales a channel before its mask is made: none or fc.")
  private Scoring.@Nullable ChannelWeight channelWeight;

  @Option(names = "--second-pass", negatable = true, description = "Score each channel once more.")
  private @Nullable Boolean secondPass;

  @Option(
      names = "--normalise",
      paramLabel = "WHEN",
      description = "When masks are normalised: after or before upsampling.")
  private Scoring.@Nullable Normalise normalise;

  @Option(
      names = "--top-channels",
      paramLabel = "N|all",
      converter = ChannelCount.class,
      description =
          "Score only the N channels that vary most, as Faster Score-CAM does; the others get no"
              + " weight (default: all).")
  private @Nullable Integer topChannels;

  /** Said when the demo model's own settings are used. */
  static final String DEMO_NOTE =
      "Demo setting: 4 samples a channel instead of 10 (10: --preset default).";

  /**
   * SS-CAM for the demo model where the user names no preset: a first map in well under a minute on
   * two cores.
   */
  private static final Scoring DEMO = Scoring.preset("default").withSamples(4);

  /** The method that the options describe. */
  Method method(String name, boolean demo) {
    Method method = Method.named(name);
    if (method instanceof Method.SsCam) {
      String chosen = preset == null ? "default" : preset;
      Scoring start = demo && preset == null ? DEMO : Scoring.preset(chosen);
      return new Method.SsCam(chosen, apply(start));
    }
    if (preset != null) {
      throw new IllegalArgumentException("--preset belongs to ss-cam, not to " + method.name());
    }
    if (method instanceof Method.ScoreCam scoreCam) {
      return new Method.ScoreCam(apply(scoreCam.scoring()));
    }
    refuseAll(method.name());
    return method;
  }

  /** CAM scores nothing: an option that would have no effect is a misunderstanding. */
  private void refuseAll(String method) {
    Map<String, @Nullable Object> given = new LinkedHashMap<>();
    given.put("--samples", samples);
    given.put("--sigma", sigma);
    given.put("--sigma-rule", sigmaRule);
    given.put("--noise", noise);
    given.put("--aggregate", aggregate);
    given.put("--score", score);
    given.put("--baseline", baseline);
    given.put("--alpha", alpha);
    given.put("--channel-weight", channelWeight);
    given.put("--second-pass", secondPass);
    given.put("--normalise", normalise);
    given.put("--top-channels", topChannels);
    given.values().removeIf(Objects::isNull);
    if (!given.isEmpty()) {
      throw new IllegalArgumentException(
          "%s has no effect on %s; use --method ss-cam or score-cam, or leave it out"
              .formatted(String.join(", ", given.keySet()), method));
    }
  }

  /** Whether N is the demo model's own, if the model is that. */
  boolean leavesSamples() {
    return preset == null && samples == null && noise != Scoring.Noise.NONE;
  }

  /** SS-CAM's usual options for a model and some channels, with N changed if it is given. */
  static Method usual(boolean demo, @Nullable Integer samples, int topChannels) {
    Scoring scoring = (demo ? DEMO : Scoring.preset("default")).withTopChannels(topChannels);
    return new Method.SsCam("default", samples == null ? scoring : scoring.withSamples(samples));
  }

  private Scoring apply(Scoring start) {
    Scoring scoring = start;
    scoring = noise == null ? scoring : scoring.withNoise(noise);
    scoring = samples == null ? scoring : scoring.withSamples(samples);
    scoring = sigma == null ? scoring : scoring.withSigma(sigma);
    scoring = sigmaRule == null ? scoring : scoring.withSigmaRule(sigmaRule);
    scoring = aggregate == null ? scoring : scoring.withAggregate(aggregate);
    scoring = score == null ? scoring : scoring.withScore(score);
    scoring = baseline == null ? scoring : scoring.withBaseline(baseline);
    scoring = alpha == null ? scoring : scoring.withWeights(alpha);
    scoring = channelWeight == null ? scoring : scoring.withChannelWeight(channelWeight);
    scoring = secondPass == null ? scoring : scoring.withSecondPass(secondPass);
    scoring = normalise == null ? scoring : scoring.withNormalise(normalise);
    if (scoring.noise() == Scoring.Noise.NONE
        && (sigma != null || sigmaRule != null || aggregate != null)) {
      throw new IllegalArgumentException(
          "--sigma, --sigma-rule and --aggregate have no effect without noise; leave them out, or"
              + " give --noise");
    }
    return topChannels == null ? scoring : scoring.withTopChannels(topChannels);
  }
}
