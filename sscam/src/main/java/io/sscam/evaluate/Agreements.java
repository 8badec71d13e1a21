package io.sscam.evaluate;

import io.sscam.Scoring;
import io.sscam.evaluate.Summary.Agreement;
import io.sscam.evaluate.Summary.Kind;
import io.sscam.metrics.Bootstrap;
import io.sscam.metrics.Correlation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * How alike maps are that differ in the seed alone, and how alike those of fewer samples or
 * channels are to those of the most.
 */
final class Agreements {
  private final List<Variant> variants;
  private final Function<Variant, List<Outcome>> outcomes;

  Agreements(List<Variant> variants, Function<Variant, List<Outcome>> outcomes) {
    this.variants = variants.stream().filter(variant -> !variant.control()).toList();
    this.outcomes = outcomes;
  }

  List<Agreement> all() {
    List<Agreement> all = new ArrayList<>();
    for (List<Variant> group :
        groups(v -> List.of(options(v), v.title(), samples(v), topChannels(v)))) {
      if (group.size() > 1) {
        add(Kind.SEED, group, all);
      }
    }
    addToMost(Kind.SAMPLES, v -> List.of(options(v), topChannels(v), v.seed()), all);
    addToMost(Kind.CHANNELS, v -> List.of(options(v), samples(v), v.seed()), all);
    return all;
  }

  /** Compares each variant with that of its group which has the most of what the kind names. */
  private void addToMost(Kind kind, Function<Variant, Object> rest, List<Agreement> into) {
    ToIntFunction<Variant> amount =
        kind == Kind.SAMPLES ? Agreements::samples : Agreements::topChannels;
    for (List<Variant> group : groups(rest)) {
      List<Variant> sorted =
          group.stream()
              .filter(variant -> amount.applyAsInt(variant) > 0)
              .sorted(Comparator.comparingInt(amount))
              .toList();
      for (Variant variant : sorted) {
        Variant most = sorted.get(sorted.size() - 1);
        if (amount.applyAsInt(variant) < amount.applyAsInt(most)) {
          add(kind, List.of(variant, most), into);
        }
      }
    }
  }

  private List<List<Variant>> groups(Function<Variant, Object> key) {
    Map<Object, List<Variant>> groups = new LinkedHashMap<>();
    variants.forEach(v -> groups.computeIfAbsent(key.apply(v), k -> new ArrayList<>()).add(v));
    return new ArrayList<>(groups.values());
  }

  /** What is the same in all groups. */
  private static List<Object> options(Variant v) {
    return List.of(v.method(), String.valueOf(v.preset()), String.valueOf(v.sigma()));
  }

  /** N; 0 where the method has no noise. */
  private static int samples(Variant v) {
    return v.samples() == null ? 0 : v.samples();
  }

  private static int topChannels(Variant v) {
    return v.topChannels() == null ? Scoring.ALL_CHANNELS : v.topChannels();
  }

  private void add(Kind kind, List<Variant> group, List<Agreement> into) {
    List<List<Outcome>> columns = group.stream().map(outcomes).toList();
    double[] means =
        IntStream.range(0, columns.get(0).size())
            .mapToObj(i -> pairs(columns.stream().map(column -> column.get(i).map()).toList()))
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .toArray();
    if (means.length > 0) {
      into.add(new Agreement(kind, List.copyOf(group), Bootstrap.interval(means)));
    }
  }

  /** The mean over all pairs of one picture's maps. */
  private static OptionalDouble pairs(List<float[]> maps) {
    double sum = 0;
    int n = 0;
    for (int i = 0; i < maps.size(); i++) {
      for (int j = i + 1; j < maps.size(); j++) {
        if (maps.get(i).length == maps.get(j).length) {
          double rho = Correlation.spearman(maps.get(i), maps.get(j));
          if (!Double.isNaN(rho)) {
            sum += rho;
            n++;
          }
        }
      }
    }
    return n > 0 ? OptionalDouble.of(sum / n) : OptionalDouble.empty();
  }
}
