package io.sscam.evaluate.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sscam.evaluate.Measure;
import io.sscam.evaluate.SettingsJson;
import io.sscam.evaluate.Skipped;
import io.sscam.evaluate.Summary;
import io.sscam.evaluate.Summary.Agreement;
import io.sscam.evaluate.Summary.Kind;
import io.sscam.evaluate.Summary.Row;
import io.sscam.evaluate.Variant;
import java.util.Map;

/** The plain parts of a page: agreement, skipped pictures, settings, times. */
final class Facts {
  private static final int MOST_SKIPPED = 500;

  private Facts() {}

  static Html agreements(Summary summary) {
    Html html = new Html();
    html.add("<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">Maps</th>");
    html.add("<th scope=\"col\">Differ in</th><th scope=\"col\" class=\"n\" colspan=\"2\">");
    html.add("Spearman’s ρ</th></tr></thead><tbody>");
    for (Agreement agreement : summary.agreements()) {
      html.add(
          "<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"n\">{}</td>"
              + "<td class=\"ci\">{} – {}</td></tr>",
          Names.whole(agreement.variants().get(0).title()),
          difference(agreement),
          Numbers.fixed(agreement.spearman().mean(), 3),
          Numbers.fixed(agreement.spearman().low(), 3),
          Numbers.fixed(agreement.spearman().high(), 3));
    }
    return html.add("</tbody></table></div>");
  }

  private static String difference(Agreement agreement) {
    if (agreement.kind() == Kind.SEED) {
      return "seed (" + agreement.variants().size() + " seeds)";
    }
    Variant one = agreement.variants().get(0);
    Variant two = agreement.variants().get(1);
    return agreement.kind() == Kind.SAMPLES
        ? "N: %s and %s".formatted(one.samples(), two.samples())
        : "top channels: %s and %s".formatted(channels(one), channels(two));
  }

  private static String channels(Variant variant) {
    return variant.topChannels() == null ? "all" : variant.topChannels().toString();
  }

  static Html skipped(Summary summary) {
    Html html = new Html();
    html.add("<ul class=\"reasons\">");
    summary.reasons().forEach((why, n) -> html.add("<li><b>{}</b> {}</li>", Numbers.count(n), why));
    html.add("</ul><details><summary>The pictures by name</summary>");
    html.add(
        "<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">Picture</th>");
    html.add("<th scope=\"col\">Reason</th></tr></thead><tbody>");
    for (Skipped one : summary.skipped().stream().limit(MOST_SKIPPED).toList()) {
      html.add("<tr><th scope=\"row\">{}</th><td>{}</td></tr>", one.picture(), one.reason());
    }
    html.add("</tbody></table></div>");
    if (summary.skipped().size() > MOST_SKIPPED) {
      html.add("<p class=\"note\">The JSON file beside this page names all of them.</p>");
    }
    return html.add("</details>");
  }

  static Html settings(Summary summary, Map<String, String> environment) {
    Html html = new Html();
    ObjectNode settings = SettingsJson.write(summary.settings());
    settings.remove("variants");
    settings.remove("command");
    html.add("<dl class=\"settings\">");
    list(html, "", settings);
    environment.forEach((name, value) -> html.add("<dt>{}</dt><dd>{}</dd>", name, value));
    html.add("</dl><div class=\"scroll\" tabindex=\"0\"><table><thead><tr>");
    for (String head : new String[] {"Method", "Id", "Preset", "σ", "N", "Top channels", "Seed"}) {
      html.add("<th scope=\"col\">{}</th>", head);
    }
    html.add("</tr></thead><tbody>");
    for (Variant v : summary.settings().variants()) {
      html.add(
          "<tr><th scope=\"row\">{}</th><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td>"
              + "<td>{}</td><td>{}</td></tr>",
          Names.whole(v.title()),
          v.id(),
          v.preset() == null ? "" : v.preset(),
          v.sigma() == null ? "" : Numbers.plain(v.sigma()),
          v.samples() == null ? "" : v.samples(),
          v.topChannels() == null ? "" : v.topChannels(),
          v.seed());
    }
    html.add("</tbody></table></div>");
    html.add("<h3>To repeat it</h3><pre tabindex=\"0\">{}</pre>", summary.settings().command());
    return html;
  }

  /** Every leaf of the settings, so that none can be forgotten. */
  private static void list(Html html, String path, ObjectNode node) {
    node.properties()
        .forEach(
            field -> {
              String name = path.isEmpty() ? field.getKey() : path + " " + field.getKey();
              if (field.getValue() instanceof ObjectNode inner) {
                list(html, name, inner);
              } else {
                html.add("<dt>{}</dt><dd>{}</dd>", name, text(field.getValue()));
              }
            });
  }

  private static String text(JsonNode value) {
    if (!value.isArray()) {
      return value.asText();
    }
    StringBuilder text = new StringBuilder();
    value.forEach(item -> text.append(text.isEmpty() ? "" : ", ").append(item.asText()));
    return text.toString();
  }

  static Html effort(Summary summary, boolean seconds) {
    Html html = new Html();
    html.add(
        "<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">Method</th>");
    html.add("<th scope=\"col\" class=\"n\">Blank maps</th>");
    html.add("<th scope=\"col\" class=\"n\">Forward passes a picture</th>");
    html.add(seconds ? "<th scope=\"col\" class=\"n\">Seconds a picture</th>" : "");
    html.add("</tr></thead><tbody>");
    for (Row row : summary.rows()) {
      html.add(
          "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td><td class=\"n\">{}</td>",
          Names.of(summary, row.variant()),
          Numbers.count(row.blank()),
          summary.explained() == 0
              ? "–"
              : Numbers.count(Math.round((double) row.forwardPasses() / summary.explained())));
      if (seconds) {
        html.add(
            "<td class=\"n\">{}</td>",
            row.mean(Measure.SECONDS).map(s -> Numbers.of(Measure.SECONDS, s.mean())).orElse("–"));
      }
      html.add("</tr>");
    }
    return html.add("</tbody></table></div>");
  }
}
