package io.sscam.evaluate.report;

import io.sscam.evaluate.Measure;
import io.sscam.evaluate.Summary;
import io.sscam.evaluate.Variant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which variants differ in σ, in N or in the number of channels alone, and so form a curve. */
final class Sweeps {
  private Sweeps() {}

  /**
   * One curve.
   *
   * @param parameter {@code σ}, {@code N} or {@code Top channels}
   * @param title what stays the same: method, preset, the other parameters
   * @param points the variants by rising parameter, at least two
   * @param ticks their parameters
   */
  record Sweep(String parameter, String title, List<Variant> points, List<String> ticks) {}

  /** A number that variants have, or have not. */
  private record Parameter(String name, Function<Variant, @Nullable Double> value) {
    String text(Variant variant) {
      Double number = value.apply(variant);
      return number == null || number.isInfinite() ? "" : Numbers.plain(number);
    }

    String tick(Variant variant) {
      String text = text(variant);
      return text.isEmpty() ? "all" : text;
    }
  }

  private static final List<Parameter> PARAMETERS =
      List.of(
          new Parameter("σ", Variant::sigma),
          new Parameter("N", v -> v.samples() == null ? null : Double.valueOf(v.samples())),
          new Parameter("Top channels", Sweeps::channels));

  private static double channels(Variant variant) {
    return variant.topChannels() == null ? Double.POSITIVE_INFINITY : variant.topChannels();
  }

  /** All curves of a run; of several seeds the first one is drawn. */
  static List<Sweep> of(Summary summary) {
    return PARAMETERS.stream().flatMap(parameter -> along(summary, parameter)).toList();
  }

  private static Stream<Sweep> along(Summary summary, Parameter parameter) {
    Map<String, Map<Double, Variant>> groups = new LinkedHashMap<>();
    for (Variant v : summary.settings().variants()) {
      Double at = parameter.value.apply(v);
      if (at != null && !v.control()) {
        groups
            .computeIfAbsent(title(v, parameter), key -> new TreeMap<>())
            .merge(at, v, (one, two) -> one.seed() <= two.seed() ? one : two);
      }
    }
    return groups.entrySet().stream()
        .filter(group -> group.getValue().size() > 1)
        .map(
            group -> {
              List<Variant> points = List.copyOf(group.getValue().values());
              List<String> ticks = points.stream().map(parameter::tick).toList();
              return new Sweep(parameter.name, group.getKey(), points, ticks);
            });
  }

  /** What variants of one curve share. */
  private static String title(Variant v, Parameter but) {
    StringBuilder title = new StringBuilder(v.method());
    if (v.preset() != null) {
      title.append(", ").append(v.preset());
    }
    for (Parameter other : PARAMETERS) {
      String text = other.text(v);
      if (!other.equals(but) && !text.isEmpty()) {
        title.append(", ").append(other.name).append(" = ").append(text);
      }
    }
    return title.toString();
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
