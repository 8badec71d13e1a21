package io.sscam.bench.measure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The results as a file, to be compared with later ones. */
public final class BenchJson {
  /** Raised whenever a field changes its meaning. */
  static final int SCHEMA = 2;

  /** A full run is some hundred kilobytes. */
  static final int LARGEST = 16 << 20;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private BenchJson() {}

  /** The JSON text. */
  public static String write(BenchResult result) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("schema", SCHEMA);
    root.put("quick", result.quick());
    ObjectNode environment = root.putObject("environment");
    result.environment().forEach(environment::put);
    ObjectNode roof = root.putObject("roof");
    roof.put("bytesPerSecond", result.roof().bytesPerSecond());
    roof.put("flopsPerSecond", result.roof().flopsPerSecond());
    roof.put("netFlopsPerSecond", result.roof().netFlopsPerSecond());
    ArrayNode notes = root.putArray("notes");
    result.notes().forEach(notes::add);
    ArrayNode rows = root.putArray("measurements");
    result.measurements().forEach(row -> put(rows.addObject(), row));
    return root.toPrettyString() + "\n";
  }

  private static void put(ObjectNode node, Measurement row) {
    node.put("group", row.group().id());
    node.put("name", row.name());
    node.put("params", row.params());
    node.put("median", row.median());
    node.put("low", row.low());
    node.put("high", row.high());
    node.put("unit", row.unit());
    node.put("bytes", row.bytes());
    node.put("flops", row.flops());
    node.put("items", row.items());
  }

  /**
   * Reads a file that {@link #write} made.
   *
   * @throws IOException if it is none; the one-line message names the file, the cause and the mend
   */
  public static BenchResult read(Path file) throws IOException {
    byte[] bytes = bytes(file);
    try {
      return parse(MAPPER.readTree(bytes));
    } catch (JsonProcessingException e) {
      throw refuse(file, "is no JSON");
    } catch (IllegalArgumentException e) {
      throw refuse(file, "is no result of this version's benchmarks (" + e.getMessage() + ")");
    }
  }

  private static byte[] bytes(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw refuse(file, "is larger than any result of this program's benchmarks");
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw refuse(file, "does not exist");
    } catch (AccessDeniedException e) {
      throw refuse(file, "may not be read");
    } catch (IOException e) {
      throw Files.isDirectory(file) ? refuse(file, "is a folder") : e;
    }
  }

  private static IOException refuse(Path file, String why) {
    return new IOException(file + " " + why + "; name a file that bench --json wrote");
  }

  private static BenchResult parse(JsonNode root) {
    int schema = (int) number(root, "schema");
    if (schema != SCHEMA) {
      throw new IllegalArgumentException(
          "its format is " + schema + ", this version reads " + SCHEMA);
    }
    Map<String, String> environment = new LinkedHashMap<>();
    field(root, "environment")
        .properties()
        .forEach(fact -> environment.put(fact.getKey(), fact.getValue().asText()));
    JsonNode roof = field(root, "roof");
    List<String> notes = new ArrayList<>();
    field(root, "notes").forEach(note -> notes.add(note.asText()));
    List<Measurement> rows = new ArrayList<>();
    field(root, "measurements").forEach(row -> rows.add(measurement(row)));
    return new BenchResult(
        field(root, "quick").asBoolean(),
        environment,
        new Roof(
            number(roof, "bytesPerSecond"),
            number(roof, "flopsPerSecond"),
            number(roof, "netFlopsPerSecond")),
        rows,
        notes);
  }

  private static Measurement measurement(JsonNode node) {
    String unit = text(node, "unit");
    if (!Measurement.UNITS.contains(unit)) {
      throw new IllegalArgumentException("unit \"" + unit + "\"");
    }
    return new Measurement(
        text(node, "name"),
        group(text(node, "group")),
        text(node, "params"),
        number(node, "median"),
        number(node, "low"),
        number(node, "high"),
        number(node, "bytes"),
        number(node, "flops"),
        (long) number(node, "items"),
        unit);
  }

  private static Group group(String id) {
    return Arrays.stream(Group.values())
        .filter(group -> group.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("group \"" + id + "\""));
  }

  private static JsonNode field(JsonNode node, String name) {
    JsonNode field = node.get(name);
    if (field == null) {
      throw new IllegalArgumentException("there is no \"" + name + "\"");
    }
    return field;
  }

  private static String text(JsonNode node, String name) {
    JsonNode field = field(node, name);
    if (!field.isTextual()) {
      throw new IllegalArgumentException("\"" + name + "\" is no text");
    }
    return field.asText();
  }

  private static double number(JsonNode node, String name) {
    JsonNode field = field(node, name);
    if (!field.isNumber() || !Double.isFinite(field.asDouble())) {
      throw new IllegalArgumentException("\"" + name + "\" is no number");
    }
    return field.asDouble();
  }
}
