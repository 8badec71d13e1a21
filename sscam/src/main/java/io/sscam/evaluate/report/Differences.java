package io.sscam.evaluate.report;

import io.sscam.evaluate.Measure;
import io.sscam.evaluate.Summary;
import io.sscam.evaluate.Summary.Difference;
import io.sscam.evaluate.Variant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Paired differences: plots of each measure, and one table of wins, ties and losses. */
final class Differences {
  private Differences() {}

  static Html draw(Summary summary) {
    Html html = new Html();
    Set<Variant> yardsticks = new LinkedHashSet<>();
    summary.differences().forEach(d -> yardsticks.add(d.against()));
    for (Variant against : yardsticks) {
      html.add("<h3>Against {}</h3><div class=\"cards\">", Names.of(summary, against));
      List<Difference> all = new ArrayList<>();
      for (Measure measure : summary.measures()) {
        List<Difference> some =
            summary.differences().stream()
                .filter(d -> d.measure() == measure)
                .filter(d -> d.against().equals(against))
                .toList();
        if (!some.isEmpty()) {
          card(html, summary, measure, some);
          all.addAll(some);
        }
      }
      html.add("</div>").add(table(summary, all));
    }
    return html;
  }

  private static void card(Html html, Summary summary, Measure measure, List<Difference> some) {
    List<IntervalPlot.Dot> dots =
        some.stream()
            .map(
                d ->
                    new IntervalPlot.Dot(
                        Names.of(summary, d.variant()),
                        d.difference(),
                        Numbers.signed(measure, d.difference().mean()),
                        Plots.style(summary, d.variant())))
            .toList();
    html.add(
        "<figure class=\"card\"><figcaption><b>{}</b> {}</figcaption>{}</figure>",
        measure.title(),
        Plots.direction(measure),
        IntervalPlot.draw(
            "differences in " + measure.title(), dots, List.of(new IntervalPlot.Level(0, "zero"))));
  }

  private static Html table(Summary summary, List<Difference> all) {
    Html html = new Html();
    html.add("<details><summary>Pictures won, tied and lost</summary>");
    html.add(
        "<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">Method</th>");
    html.add("<th scope=\"col\">Measure</th><th scope=\"col\" class=\"n\" colspan=\"2\">");
    html.add("Difference</th><th scope=\"col\" class=\"n\">Won</th>");
    html.add("<th scope=\"col\" class=\"n\">Tied</th>");
    html.add("<th scope=\"col\" class=\"n\">Lost</th></tr></thead><tbody>");
    for (Difference d : all) {
      html.add(
          "<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"{}\">{}</td><td class=\"ci\">{}</td>"
              + "<td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
          Names.of(summary, d.variant()),
          d.measure().title(),
          d.clear() ? "n best" : "n",
          Numbers.signed(d.measure(), d.difference().mean()),
          Numbers.signedRange(d.measure(), d.difference()),
          Numbers.count(d.wins()),
          Numbers.count(d.ties()),
          Numbers.count(d.losses()));
    }
    return html.add("</tbody></table></div></details>");
  }
}
