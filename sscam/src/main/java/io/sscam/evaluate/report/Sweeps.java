package io.sscam.evaluate.report;

import io.sscam.evaluate.Measure;
import io.sscam.evaluate.Summary;
import io.sscam.evaluate.Variant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which variants differ in σ or in N alone, and so form a curve. */
final class Sweeps {
  private Sweeps() {}

  /**
   * One curve.
   *
   * @param parameter {@code σ} or {@code N}
   * @param title what stays the same: method, preset, the other parameter, seed
   * @param points the variants by rising parameter, at least two
   * @param ticks their parameters
   */
  record Sweep(String parameter, String title, List<Variant> points, List<String> ticks) {}

  /** All curves of a run; of several seeds the first one is drawn. */
  static List<Sweep> of(Summary summary) {
    List<Sweep> all = new ArrayList<>();
    all.addAll(along(summary, "σ", Variant::sigma, "N", Sweeps::samples));
    all.addAll(along(summary, "N", Sweeps::samples, "σ", Variant::sigma));
    return all;
  }

  private static @Nullable Double samples(Variant variant) {
    Integer samples = variant.samples();
    return samples == null ? null : Double.valueOf(samples);
  }

  private static List<Sweep> along(
      Summary summary,
      String parameter,
      Function<Variant, @Nullable Double> value,
      String other,
      Function<Variant, @Nullable Double> fixed) {
    Map<List<String>, Map<Double, Variant>> groups = new LinkedHashMap<>();
    for (Variant v : summary.settings().variants()) {
      Double at = value.apply(v);
      if (at != null && !v.control()) {
        String preset = v.preset() == null ? "" : v.preset();
        String rest = fixed.apply(v) == null ? "" : Numbers.plain(fixed.apply(v));
        groups
            .computeIfAbsent(List.of(v.method(), preset, rest), key -> new LinkedHashMap<>())
            .merge(at, v, (one, two) -> one.seed() <= two.seed() ? one : two);
      }
    }
    List<Sweep> sweeps = new ArrayList<>();
    groups.forEach(
        (key, byValue) -> {
          if (byValue.size() > 1) {
            List<Map.Entry<Double, Variant>> sorted =
                byValue.entrySet().stream()
                    .sorted(Comparator.comparing(Map.Entry<Double, Variant>::getKey))
                    .toList();
            sweeps.add(
                new Sweep(
                    parameter,
                    title(key, other),
                    sorted.stream().map(Map.Entry::getValue).toList(),
                    sorted.stream().map(entry -> Numbers.plain(entry.getKey())).toList()));
          }
        });
    return sweeps;
  }

  private static String title(List<String> key, String other) {
    String preset = key.get(1).isEmpty() ? "" : ", " + key.get(1);
    String rest = key.get(2).isEmpty() ? "" : ", %s = %s".formatted(other, key.get(2));
    return key.get(0) + preset + rest;
  }

  /** The curves as pages show them: one small plot a measure. */
  static Html draw(Summary summary, Sweep sweep) {
    Html html = new Html();
    html.add("<h3>{} of {}</h3><div class=\"cards three\">", sweep.parameter(), sweep.title());
    for (Measure measure : summary.measures()) {
      boolean measured =
          sweep.points().stream().allMatch(v -> summary.row(v).mean(measure).isPresent());
      if (measured && measure != Measure.SECONDS) {
        html.add(
            "<figure class=\"card\"><figcaption><b>{}</b></figcaption>{}</figure>",
            Tables.heading(measure),
            CurvePlot.draw(
                sweep.parameter(),
                sweep.ticks(),
                sweep.points().stream()
                    .map(v -> Objects.requireNonNull(summary.row(v).means().get(measure)))
                    .toList(),
                summary.meanActivation().flatMap(v -> summary.row(v).mean(measure)).stream()
                    .mapToDouble(interval -> interval.mean())
                    .toArray()));
      }
    }
    return html.add("</div>");
  }
}
