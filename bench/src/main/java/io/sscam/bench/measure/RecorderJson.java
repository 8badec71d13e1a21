package io.sscam.bench.measure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What was measured so far as a file, which one process of the benchmarks hands to the next. */
public final class RecorderJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private RecorderJson() {}

  /** Writes all runs, notes and sizes. */
  public static void write(Recorder recorder, Path file) throws IOException {
    ObjectNode root = MAPPER.createObjectNode();
    root.set("products", MAPPER.valueToTree(recorder.sizes().products()));
    root.set("batches", MAPPER.valueToTree(recorder.sizes().batches()));
    root.set("notes", MAPPER.valueToTree(recorder.notes()));
    root.put("round", recorder.round());
    ArrayNode rows = root.putArray("rows");
    recorder
        .samples()
        .forEach(
            (row, rounds) -> {
              ObjectNode node = rows.addObject();
              node.put("group", row.group().name());
              node.put("name", row.name());
              node.put("params", row.params());
              node.put("bytes", row.bytes());
              node.put("flops", row.flops());
              node.put("items", row.items());
              node.put("unit", row.unit());
              node.set("rounds", MAPPER.valueToTree(rounds));
            });
    Files.writeString(file, root.toString());
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException if it is anything else
   */
  public static Recorder read(Path file) throws IOException {
    JsonNode root = MAPPER.readTree(file.toFile());
    Sizes sizes = new Sizes();
    integers(root.required("products"), sizes.products());
    integers(root.required("batches"), sizes.batches());
    Recorder recorder = new Recorder(sizes);
    root.required("notes").forEach(note -> recorder.note(note.asText()));
    // A round at a time: so that each run comes to its own again.
    for (int round = 0; ; round++) {
      for (JsonNode node : root.required("rows")) {
        JsonNode runs = node.required("rounds").path(round);
        if (!runs.isEmpty()) {
          recorder.add(row(node), MAPPER.convertValue(runs, double[].class));
        }
      }
      if (round == root.required("round").asInt()) {
        return recorder;
      }
      recorder.nextRound();
    }
  }

  private static Recorder.Row row(JsonNode node) {
    return new Recorder.Row(
        Group.valueOf(node.required("group").asText()),
        node.required("name").asText(),
        node.required("params").asText(),
        node.required("bytes").asDouble(),
        node.required("flops").asDouble(),
        node.required("items").asLong(),
        node.required("unit").asText());
  }

  private static void integers(JsonNode node, Map<String, Integer> into) {
    node.properties().forEach(field -> into.put(field.getKey(), field.getValue().asInt()));
  }
}
