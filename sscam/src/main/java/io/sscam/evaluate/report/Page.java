package io.sscam.evaluate.report;

import io.sscam.evaluate.Measure;
import io.sscam.evaluate.Results;
import io.sscam.evaluate.RunSettings;
import io.sscam.evaluate.Summary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The whole page, from its title to the command that repeats the run. It loads nothing. */
final class Page {
  private final Results results;
  private final Summary summary;
  private final Report.Options options;

  Page(Results results, Summary summary, Report.Options options) {
    this.results = results;
    this.summary = summary;
    this.options = options;
  }

  Html draw() {
    RunSettings settings = summary.settings();
    String split = settings.data().split() == null ? "" : " " + settings.data().split();
    String subject =
        "%s on %s%s".formatted(settings.model().network(), settings.data().name(), split);
    Html html = new Html();
    html.add("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">");
    html.add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    html.add("<meta name=\"color-scheme\" content=\"light dark\">");
    // Even if markup slipped in, it could neither run nor fetch anything.
    html.add("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src &#39;none&#39;;");
    html.add("img-src data:; style-src &#39;unsafe-inline&#39;\">");
    html.add("<title>{}: class activation maps</title>", subject);
    html.add("<style>{}</style></head><body><main>", style());
    header(html, subject);
    tables(html);
    plots(html);
    section(html, "pictures", "Best and worst pictures", gallery());
    if (!summary.skipped().isEmpty()) {
      section(html, "skipped", "Skipped pictures", Facts.skipped(summary));
    }
    section(html, "effort", "Effort", Facts.effort(summary, options.written().isPresent()));
    section(html, "settings", "Settings", Facts.settings(summary, options.environment()));
    html.add("<footer>{}", settings.program());
    options.written().ifPresent(at -> html.add(" · written {}", at));
    return html.add("</footer></main></body></html>");
  }

  private void header(Html html, String subject) {
    html.add("<header><p class=\"eyebrow\">Evaluation of class activation maps</p>");
    html.add("<h1>{}</h1><p class=\"lead\">{}</p>", subject, Finding.of(summary));
    if (summary.pending() > 0) {
      html.add(
          "<p class=\"warning\">Unfinished: {} of {} pictures are still to come.</p>",
          Numbers.count(summary.pending()),
          Numbers.count(summary.total()));
    }
    html.add("<dl class=\"facts\">");
    fact(html, "Pictures", Numbers.count(summary.total()));
    fact(html, "Explained", Numbers.count(summary.explained()));
    fact(html, "Classified correctly", Numbers.count(summary.correct()));
    fact(html, "Skipped", Numbers.count(summary.skipped().size()));
    fact(html, "Layer", summary.settings().model().layer());
    fact(html, "Class explained", explained());
    html.add("</dl></header>");
  }

  private String explained() {
    return summary.settings().target().equals("label") ? "the label’s" : "the network’s first";
  }

  private static void fact(Html html, String name, String value) {
    html.add("<div><dt>{}</dt><dd>{}</dd></div>", name, value);
  }

  private void tables(Html html) {
    Tables tables = new Tables(summary);
    Html body = new Html();
    Html drop = new Html().add("How the class’s probability answers when only the map is left.");
    Html energy = new Html().add("The share of the map’s energy inside the objects’ boxes.");
    summary
        .boxShare()
        .ifPresent(
            share ->
                energy.add(
                    "The boxes cover {} % of the input.",
                    Numbers.of(Measure.POINTING, share.mean())));
    List<Measure> first = List.of(Measure.AVERAGE_DROP, Measure.AVERAGE_INCREASE);
    List<Measure> second = List.of(Measure.POINTING, Measure.POINTING_CORRECT);
    List<Measure> third =
        List.of(Measure.DELETION, Measure.INSERTION, Measure.ADCC, Measure.EFFECTIVE_CHANNELS);
    tables.of("Table 1. Average Drop and Average Increase.", drop, first).ifPresent(body::add);
    tables.of("Table 2. Energy-based pointing game.", energy, second).ifPresent(body::add);
    tables.of("Table 3. Further measures.", new Html(), third).ifPresent(body::add);
    body.add(
        "<p class=\"note\">Means over the pictures with 95 % bootstrap intervals. Arrows show");
    body.add("the better direction; the best method’s mean is bold. Controls explain nothing:");
    body.add("a method that does not beat them shows nothing of its own.</p>");
    section(html, "results", "Results", body);
  }

  private void plots(Html html) {
    section(html, "plots", "Every method and its interval", plotNote().add(Plots.draw(summary)));
    if (!summary.differences().isEmpty()) {
      Html body = new Html();
      body.add(
          "<p class=\"note\">Differences on the same pictures, with 95 % intervals. Where the");
      body.add("interval meets the line at zero, these pictures show no difference.</p>");
      section(html, "differences", "Paired differences", body.add(Differences.draw(summary)));
    }
    List<Sweeps.Sweep> sweeps = Sweeps.of(summary);
    if (!sweeps.isEmpty()) {
      Html body = new Html();
      if (summary.meanActivation().isPresent()) {
        body.add("<p class=\"note\">The dashed line is the level of mean activation.</p>");
      }
      sweeps.forEach(sweep -> body.add(Sweeps.draw(summary, sweep)));
      section(html, "sweeps", "Noise, samples and channels", body);
    }
    if (!summary.agreements().isEmpty()) {
      Html body = new Html();
      body.add("<p class=\"note\">Mean rank correlation between maps that should be alike;");
      body.add("1 means that they order the places of the picture alike.</p>");
      section(html, "agreement", "Stability", body.add(Facts.agreements(summary)));
    }
  }

  private Html plotNote() {
    Html note = new Html();
    if (summary.settings().variants().stream().anyMatch(v -> v.control())) {
      note.add(
          "<p class=\"note\">Controls are grey, and lines carry their level through the rows:");
      note.add("dashed that of mean activation, dotted the others’.</p>");
    }
    return note;
  }

  private Html gallery() {
    Gallery gallery = new Gallery(results, summary, options.pictures());
    Html body = new Html();
    body.add(
        "<p class=\"note\">By {}. The map lies over the picture: bright is high.</p>",
        gallery.measure() == Measure.POINTING
            ? "the share of the map’s energy inside the boxes"
            : "the drop of the class’s probability");
    return body.add(gallery.draw());
  }

  private static void section(Html html, String id, String title, Html body) {
    html.add("<section id=\"{}\"><h2>{}</h2>{}</section>", id, title, body);
  }

  private static Html style() {
    try (InputStream in = Page.class.getResourceAsStream("report.css")) {
      byte[] css = Objects.requireNonNull(in, "report.css").readAllBytes();
      return new Html().add(new String(css, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException("report.css in the jar cannot be read", e);
    }
  }
}
