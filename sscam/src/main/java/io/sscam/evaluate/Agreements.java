package io.sscam.evaluate;

import io.sscam.evaluate.Summary.Agreement;
import io.sscam.evaluate.Summary.Kind;
import io.sscam.metrics.Bootstrap;
import io.sscam.metrics.Correlation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How alike maps are that differ in the seed alone, and how alike those of each N are to those of
 * the largest N.
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
    for (List<Variant> group : groups(v -> withoutSeed(v, v.title(), v.samples()))) {
      if (group.size() > 1) {
        add(Kind.SEED, group, all);
      }
    }
    for (List<Variant> group : groups(v -> Arrays.asList(withoutSeed(v, "", null), v.seed()))) {
      List<Variant> byN =
          group.stream()
              .filter(variant -> variant.samples() != null)
              .sorted(Comparator.comparing(v -> Objects.requireNonNull(v.samples())))
              .toList();
      for (int i = 0; i + 1 < byN.size(); i++) {
        Variant most = byN.get(byN.size() - 1);
        if (!Objects.equals(byN.get(i).samples(), most.samples())) {
          add(Kind.SAMPLES, List.of(byN.get(i), most), all);
        }
      }
    }
    return all;
  }

  private List<List<Variant>> groups(Function<Variant, Object> key) {
    Map<Object, List<Variant>> groups = new LinkedHashMap<>();
    variants.forEach(v -> groups.computeIfAbsent(key.apply(v), k -> new ArrayList<>()).add(v));
    return new ArrayList<>(groups.values());
  }

  private static List<Object> withoutSeed(Variant v, String title, @Nullable Integer samples) {
    return List.of(
        title,
        v.method(),
        String.valueOf(v.preset()),
        String.valueOf(v.sigma()),
        String.valueOf(samples));
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
