package io.sscam.evaluate;

import io.sscam.evaluate.Measure.Better;
import io.sscam.evaluate.Summary.Difference;
import io.sscam.evaluate.Summary.Row;
import io.sscam.metrics.Bootstrap;
import io.sscam.metrics.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Makes a summary. Everything is sorted by picture id first, so that each sum adds the same numbers
 * in the same order, whatever order they were logged in.
 */
final class Summariser {
  /** Values that differ by less, as a part of themselves, differ by float32's rounding alone. */
  private static final double ROUNDING = 1e-5;

  private final RunSettings settings;
  private final Map<String, List<Outcome>> byVariant = new HashMap<>();

  private Summariser(Results results) {
    this.settings = results.settings();
    settings.variants().forEach(variant -> byVariant.put(variant.id(), new ArrayList<>()));
    for (Outcome outcome : results.outcomes()) {
      List<Outcome> of = byVariant.get(outcome.variant());
      if (of == null) {
        throw new IllegalArgumentException("the run has no variant " + outcome.variant());
      }
      of.add(outcome);
    }
    byVariant.values().forEach(of -> of.sort(Comparator.comparing(Outcome::picture)));
  }

  static Summary summarise(Results results) {
    return new Summariser(results).run(results.skipped());
  }

  private Summary run(List<Skipped> unsorted) {
    List<Skipped> skipped =
        unsorted.stream().sorted(Comparator.comparing(Skipped::picture)).toList();
    TreeMap<String, Integer> reasons = new TreeMap<>();
    skipped.forEach(one -> reasons.merge(one.reason(), 1, Integer::sum));
    int explained = pictures(skipped);
    int total = settings.shard().pictures();
    List<Outcome> first = outcomes(settings.variants().get(0));
    return new Summary(
        settings,
        total,
        explained,
        (int) first.stream().filter(Outcome::correct).count(),
        total - explained - skipped.size(),
        skipped,
        reasons,
        boxShare(first),
        Labels.of(settings.variants()),
        settings.variants().stream().map(this::row).toList(),
        differences(),
        new Agreements(settings.variants(), this::outcomes).all());
  }

  /** How many pictures are explained; every variant must have the same ones, each once. */
  private int pictures(List<Skipped> skipped) {
    List<String> first = null;
    for (Variant variant : settings.variants()) {
      List<String> pictures = outcomes(variant).stream().map(Outcome::picture).toList();
      if (first != null && !first.equals(pictures)) {
        throw new IllegalArgumentException("variants have different pictures: " + variant.id());
      }
      first = pictures;
    }
    Set<String> all = new TreeSet<>(first == null ? List.of() : first);
    skipped.forEach(one -> all.add(one.picture()));
    int explained = first == null ? 0 : first.size();
    if (all.size() != explained + skipped.size()) {
      throw new IllegalArgumentException("a picture comes twice");
    }
    if (all.size() > settings.shard().pictures()) {
      throw new IllegalArgumentException("more pictures than the run has");
    }
    return explained;
  }

  private List<Outcome> outcomes(Variant variant) {
    return byVariant.getOrDefault(variant.id(), List.of());
  }

  private static Optional<Interval> boxShare(List<Outcome> outcomes) {
    double[] shares =
        outcomes.stream()
            .map(Outcome::boxShare)
            .filter(OptionalDouble::isPresent)
            .mapToDouble(share -> 100 * share.getAsDouble())
            .toArray();
    return shares.length > 0 ? Optional.of(Bootstrap.interval(shares)) : Optional.empty();
  }

  private Row row(Variant variant) {
    List<Outcome> outcomes = outcomes(variant);
    Map<Measure, Interval> means = new EnumMap<>(Measure.class);
    for (Measure measure : Measure.values()) {
      double[] values =
          outcomes.stream()
              .map(measure::of)
              .filter(OptionalDouble::isPresent)
              .mapToDouble(OptionalDouble::getAsDouble)
              .toArray();
      if (values.length > 0) {
        means.put(measure, Bootstrap.interval(values));
      }
    }
    return new Row(
        variant,
        means,
        (int) outcomes.stream().filter(Outcome::blank).count(),
        outcomes.stream().mapToLong(Outcome::forwardPasses).sum());
  }

  private List<Difference> differences() {
    Set<Variant> yardsticks = new LinkedHashSet<>();
    yardsticks.add(settings.base());
    settings.variants().stream()
        .filter(v -> v.control() && v.method().equals(Variant.MEAN_ACTIVATION))
        .findFirst()
        .ifPresent(yardsticks::add);
    List<Difference> all = new ArrayList<>();
    for (Variant against : yardsticks) {
      for (Measure measure : Measure.values()) {
        for (Variant variant : settings.variants()) {
          if (!variant.equals(against) && isCompared(measure)) {
            difference(measure, variant, against, all);
          }
        }
      }
    }
    return all;
  }

  /** Seconds are not a property of the map. */
  private static boolean isCompared(Measure measure) {
    return measure.better() != Better.NEITHER && measure != Measure.SECONDS;
  }

  private void difference(
      Measure measure, Variant variant, Variant against, List<Difference> into) {
    List<Outcome> mine = outcomes(variant);
    List<Outcome> theirs = outcomes(against);
    double[] values = new double[mine.size()];
    int n = 0;
    int wins = 0;
    int losses = 0;
    int sign = measure.better() == Better.HIGHER ? 1 : -1;
    for (int i = 0; i < mine.size(); i++) {
      OptionalDouble one = measure.of(mine.get(i));
      OptionalDouble two = measure.of(theirs.get(i));
      if (one.isPresent() && two.isPresent()) {
        double value = one.getAsDouble() - two.getAsDouble();
        values[n++] = value;
        double tie = ROUNDING * Math.max(Math.abs(one.getAsDouble()), Math.abs(two.getAsDouble()));
        wins += value * sign > tie ? 1 : 0;
        losses += value * sign < -tie ? 1 : 0;
      }
    }
    if (n > 0) {
      Interval interval = Bootstrap.interval(Arrays.copyOf(values, n));
      into.add(
          new Difference(measure, variant, against, interval, wins, n - wins - losses, losses));
    }
  }
}
