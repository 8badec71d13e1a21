package io.sscam.evaluate.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sscam.evaluate.Measure;
import io.sscam.evaluate.SettingsJson;
import io.sscam.evaluate.Summary;
import io.sscam.evaluate.Summary.Agreement;
import io.sscam.evaluate.Summary.Difference;
import io.sscam.evaluate.Summary.Row;
import io.sscam.metrics.Interval;
import java.util.Locale;

/** The summary as JSON; all times stand under {@code times}. */
final class ReportJson {
  private ReportJson() {}

  static String write(Summary summary, Report.Options options) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("format", "sscam-evaluation-report/1");
    root.put("finding", Finding.of(summary));
    root.set("settings", SettingsJson.write(summary.settings()));
    ObjectNode environment = root.putObject("environment");
    options.environment().forEach(environment::put);
    ObjectNode pictures = root.putObject("pictures");
    pictures.put("total", summary.total());
    pictures.put("explained", summary.explained());
    pictures.put("correct", summary.correct());
    pictures.put("pending", summary.pending());
    ArrayNode skipped = pictures.putArray("skipped");
    summary
        .skipped()
        .forEach(s -> skipped.addObject().put("picture", s.picture()).put("reason", s.reason()));
    summary.boxShare().ifPresent(share -> root.set("boxShare", interval(share)));
    ArrayNode variants = root.putArray("variants");
    summary.rows().forEach(row -> variants.add(row(row)));
    ArrayNode differences = root.putArray("differences");
    summary.differences().forEach(d -> differences.add(difference(d)));
    ArrayNode agreements = root.putArray("agreements");
    summary.agreements().forEach(a -> agreements.add(agreement(a)));
    options
        .written()
        .ifPresent(at -> times(root.putObject("times").put("written", at.toString()), summary));
    return root.toPrettyString() + "\n";
  }

  private static ObjectNode row(Row row) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("id", row.variant().id());
    node.put("blank", row.blank());
    node.put("forwardPasses", row.forwardPasses());
    ObjectNode means = node.putObject("means");
    row.means()
        .forEach(
            (measure, mean) -> {
              if (measure != Measure.SECONDS) {
                means.set(measure.id(), interval(mean));
              }
            });
    return node;
  }

  private static ObjectNode difference(Difference d) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("measure", d.measure().id());
    node.put("variant", d.variant().id());
    node.put("against", d.against().id());
    node.set("difference", interval(d.difference()));
    return node.put("wins", d.wins()).put("ties", d.ties()).put("losses", d.losses());
  }

  private static ObjectNode agreement(Agreement a) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("differIn", a.kind().name().toLowerCase(Locale.ROOT));
    ArrayNode variants = node.putArray("variants");
    a.variants().forEach(variant -> variants.add(variant.id()));
    node.set("spearman", interval(a.spearman()));
    return node;
  }

  private static void times(ObjectNode times, Summary summary) {
    ObjectNode seconds = times.putObject("secondsPerPicture");
    summary
        .rows()
        .forEach(
            row ->
                row.mean(Measure.SECONDS)
                    .ifPresent(mean -> seconds.set(row.variant().id(), interval(mean))));
  }

  private static ObjectNode interval(Interval interval) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("mean", interval.mean())
        .put("low", interval.low())
        .put("high", interval.high())
        .put("n", interval.n());
  }
}
