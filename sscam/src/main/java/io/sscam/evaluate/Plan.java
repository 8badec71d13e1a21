package io.sscam.evaluate;

import io.sscam.Method;
import io.sscam.Scoring;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A variant and how its maps are made.
 *
 * @param variant as it is logged
 * @param method that explains, or empty for a control that looks at neither picture nor net
 */
public record Plan(Variant variant, Optional<Method> method) {
  /** The control that is 1 everywhere. */
  static final String UNIFORM = "uniform";

  /** The control that looks at the middle. */
  static final String CENTRED = "centred-gaussian";

  /** SS-CAM of a preset with σ, N, channels and seed of the caller's. */
  public static Plan ssCam(String preset, Scoring scoring, long seed) {
    Integer top = topChannels(scoring);
    String options = "σ=" + number(scoring.sigma()) + " N=" + scoring.samples() + channels(top);
    String id =
        "ss-cam/" + preset + "/sigma=" + number(scoring.sigma()) + "/n=" + scoring.samples();
    id += part(top) + "/seed=" + seed; // joined, not formatted: no locale's digits
    Variant variant =
        new Variant(
            id,
            "SS-CAM " + preset + " " + options,
            "ss-cam",
            preset,
            scoring.sigma(),
            scoring.samples(),
            top,
            seed,
            false);
    return new Plan(variant, Optional.of(new Method.SsCam(preset, scoring)));
  }

  private static @Nullable Integer topChannels(Scoring scoring) {
    return scoring.topChannels() == Scoring.ALL_CHANNELS ? null : scoring.topChannels();
  }

  /** Of an id; nothing for all channels, whose ids are older than the choice. */
  private static String part(@Nullable Integer topChannels) {
    return topChannels == null ? "" : "/top=" + topChannels;
  }

  /** Of a title. */
  private static String channels(@Nullable Integer topChannels) {
    return topChannels == null ? "" : " K=" + topChannels;
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%s", value);
  }

  /** A method; of Score-CAM's options only the number of channels is in the id. */
  public static Plan of(Method method, long seed) {
    if (method instanceof Method.SsCam ssCam) {
      return ssCam(ssCam.preset(), ssCam.scoring(), seed);
    }
    Integer top = method instanceof Method.Scored scored ? topChannels(scored.scoring()) : null;
    Variant variant =
        new Variant(
            method.name() + part(top),
            title(method.name()) + channels(top),
            method.name(),
            null,
            null,
            null,
            top,
            seed,
            method instanceof Method.Control);
    return new Plan(variant, Optional.of(method));
  }

  private static String title(String method) {
    return switch (method) {
      case "cam" -> "CAM";
      case "grad-cam" -> "Grad-CAM";
      case "grad-cam++" -> "Grad-CAM++";
      case "score-cam" -> "Score-CAM";
      case "mean-activation" -> "Mean activation";
      case "random-weights" -> "Random weights";
      default -> method;
    };
  }

  /** The controls that every evaluation has beside its methods. */
  public static List<Plan> controls(long seed) {
    List<Plan> plans = new ArrayList<>();
    Method.controls().forEach(name -> plans.add(of(Method.named(name), seed)));
    plans.add(fixed(CENTRED, "Centred Gaussian"));
    plans.add(fixed(UNIFORM, "Uniform"));
    return plans;
  }

  private static Plan fixed(String name, String title) {
    return new Plan(
        new Variant(name, title, name, null, null, null, null, 0, true), Optional.empty());
  }
}
