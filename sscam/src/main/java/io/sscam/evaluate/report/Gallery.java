package io.sscam.evaluate.report;

import io.sscam.evaluate.Measure;
import io.sscam.evaluate.Measure.Better;
import io.sscam.evaluate.Outcome;
import io.sscam.evaluate.Results;
import io.sscam.evaluate.Summary;
import io.sscam.evaluate.Variant;
import io.sscam.nets.RgbImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The pictures that a method explains best and worst, by the pointing game where there are boxes,
 * else by the drop; then by id, so that the choice does not depend on the log's order.
 */
final class Gallery {
  private static final int EACH = 4;
  private static final int MOST_METHODS = 8;

  private final Results results;
  private final Summary summary;
  private final Function<String, Optional<RgbImage>> pictures;
  private final Measure measure;

  Gallery(Results results, Summary summary, Function<String, Optional<RgbImage>> pictures) {
    this.results = results;
    this.summary = summary;
    this.pictures = pictures;
    this.measure =
        summary.measures().contains(Measure.POINTING) ? Measure.POINTING : Measure.AVERAGE_DROP;
  }

  Measure measure() {
    return measure;
  }

  /** One block a method; empty if nothing was explained. */
  Html draw() {
    Html html = new Html();
    for (Variant variant : shown()) {
      List<Outcome> ranked = ranked(variant);
      int each = Math.min(EACH, (ranked.size() + 1) / 2);
      if (each > 0) {
        html.add("<h3>{}</h3>", Names.of(summary, variant));
        strip(html, "Best", ranked.subList(0, each));
        List<Outcome> worst = new ArrayList<>(ranked.subList(each, ranked.size()));
        Collections.reverse(worst);
        strip(html, "Worst", worst.subList(0, Math.min(each, worst.size())));
      }
    }
    return html;
  }

  /** The first variant of each method and preset. */
  private List<Variant> shown() {
    Map<List<String>, Variant> first = new LinkedHashMap<>();
    summary.settings().variants().stream()
        .filter(variant -> !variant.control())
        .forEach(v -> first.putIfAbsent(List.of(v.method(), String.valueOf(v.preset())), v));
    return first.values().stream().limit(MOST_METHODS).toList();
  }

  private List<Outcome> ranked(Variant variant) {
    Comparator<Outcome> byValue = Comparator.comparing(o -> measure.of(o).orElseThrow());
    return results.outcomes().stream()
        .filter(o -> o.variant().equals(variant.id()) && measure.of(o).isPresent())
        .sorted(
            (measure.better() == Better.HIGHER ? byValue.reversed() : byValue)
                .thenComparing(Outcome::picture))
        .toList();
  }

  private void strip(Html html, String title, List<Outcome> outcomes) {
    if (outcomes.isEmpty()) {
      return;
    }
    html.add("<h4>{}</h4><div class=\"strip\">", title);
    for (Outcome outcome : outcomes) {
      html.add("<figure>");
      Optional<RgbImage> picture = pictures.apply(outcome.picture());
      if (picture.isPresent()) {
        html.add(
            "<img alt=\"map of {} over {}\" src=\"{}\">",
            outcome.className(),
            outcome.picture(),
            Thumbnail.dataUri(picture.get(), outcome, summary.settings().model()));
      } else {
        html.add("<div class=\"noimg\">the picture is not at hand</div>");
      }
      html.add(
          "<figcaption><b>{} %</b> {}<br><span>{}, {} %{}</span></figcaption></figure>",
          Numbers.of(measure, measure.of(outcome).orElseThrow()),
          outcome.picture(),
          outcome.className(),
          Numbers.fixed(100 * outcome.probability(), 1),
          outcome.correct() ? "" : ", misclassified");
    }
    html.add("</div>");
  }
}
