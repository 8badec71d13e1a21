package io.sscam.evaluate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sscam.evaluate.RunSettings.Data;
import io.sscam.evaluate.RunSettings.Model;
import io.sscam.evaluate.RunSettings.Shard;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A run's settings as JSON, in one fixed order of fields. */
public final class SettingsJson {
  private SettingsJson() {}

  /** The settings as a JSON object; what is not set is left out. */
  public static ObjectNode write(RunSettings settings) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("program", settings.program());
    root.set("data", write(settings.data()));
    root.set("model", write(settings.model()));
    root.put("target", settings.target());
    ArrayNode metrics = root.putArray("metrics");
    settings.metrics().forEach(metrics::add);
    ObjectNode shard = root.putObject("shard");
    shard.put("index", settings.shard().index());
    shard.put("count", settings.shard().count());
    shard.put("pictures", settings.shard().pictures());
    ArrayNode variants = root.putArray("variants");
    settings.variants().forEach(variant -> variants.add(write(variant)));
    root.put("command", settings.command());
    return root;
  }

  private static ObjectNode write(Data data) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("name", data.name());
    if (data.split() != null) {
      node.put("split", data.split());
    }
    node.put("pictures", data.pictures());
    node.put("picturesSha256", data.picturesSha256());
    if (data.labelMapSha256() != null) {
      node.put("labelMapSha256", data.labelMapSha256());
    }
    if (data.limit() != null) {
      node.put("limit", data.limit());
    }
    if (data.shuffleSeed() != null) {
      node.put("shuffleSeed", data.shuffleSeed());
    }
    return node;
  }

  private static ObjectNode write(Model model) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("network", model.network())
        .put("weightsSha256", model.weightsSha256())
        .put("classNamesSha256", model.classNamesSha256())
        .put("layer", model.layer())
        .put("inputHeight", model.inputHeight())
        .put("inputWidth", model.inputWidth())
        .put("preprocessing", model.preprocessing())
        .put("precision", model.precision())
        .put("device", model.device());
  }

  private static ObjectNode write(Variant variant) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("id", variant.id());
    node.put("title", variant.title());
    node.put("method", variant.method());
    if (variant.preset() != null) {
      node.put("preset", variant.preset());
    }
    if (variant.sigma() != null) {
      node.put("sigma", variant.sigma());
    }
    if (variant.samples() != null) {
      node.put("samples", variant.samples());
    }
    if (variant.topChannels() != null) {
      node.put("topChannels", variant.topChannels());
    }
    node.put("seed", variant.seed());
    node.put("control", variant.control());
    return node;
  }

  /** Reads what {@link #write} wrote. */
  static RunSettings read(JsonFields fields) {
    String program = fields.text("program");
    Data data = data(fields.object("data"));
    Model model = model(fields.object("model"));
    JsonFields part = fields.object("shard");
    Shard shard = new Shard(part.integer("index"), part.integer("count"), part.integer("pictures"));
    part.end();
    return new RunSettings(
        program,
        data,
        model,
        fields.text("target"),
        fields.objects("variants", SettingsJson::variant),
        fields.texts("metrics"),
        shard,
        fields.text("command"));
  }

  private static Data data(JsonFields fields) {
    Data data =
        new Data(
            fields.text("name"),
            fields.textOrNull("split"),
            fields.integer("pictures"),
            fields.text("picturesSha256"),
            fields.textOrNull("labelMapSha256"),
            fields.integerOrNull("limit"),
            fields.wholeOrNull("shuffleSeed"));
    fields.end();
    return data;
  }

  private static Model model(JsonFields fields) {
    Model model =
        new Model(
            fields.text("network"),
            fields.text("weightsSha256"),
            fields.text("classNamesSha256"),
            fields.text("layer"),
            fields.integer("inputHeight"),
            fields.integer("inputWidth"),
            fields.text("preprocessing"),
            fields.text("precision"),
            fields.text("device"));
    fields.end();
    return model;
  }

  private static Variant variant(JsonFields fields) {
    return new Variant(
        fields.text("id"),
        fields.text("title"),
        fields.text("method"),
        fields.textOrNull("preset"),
        fields.numberOrNull("sigma"),
        fields.integerOrNull("samples"),
        fields.integerOrNull("topChannels"),
        fields.whole("seed"),
        fields.flag("control"));
  }

  /**
   * The first setting in which two runs differ. The JSON is compared, so that no setting can be
   * forgotten here.
   */
  static Optional<String> firstDifference(RunSettings here, RunSettings there, boolean withShard) {
    Map<String, String> one = leaves(here, withShard);
    Map<String, String> two = leaves(there, withShard);
    Set<String> names = new LinkedHashSet<>(one.keySet());
    names.addAll(two.keySet());
    return names.stream()
        .filter(name -> !one.getOrDefault(name, "none").equals(two.getOrDefault(name, "none")))
        .findFirst()
        .map(
            name ->
                "%s is %s here and %s there"
                    .formatted(
                        name, one.getOrDefault(name, "none"), two.getOrDefault(name, "none")));
  }

  private static Map<String, String> leaves(RunSettings settings, boolean withShard) {
    ObjectNode root = write(settings);
    root.remove("command");
    if (!withShard) {
      root.remove("shard");
    }
    Map<String, String> leaves = new LinkedHashMap<>();
    flatten("", root, leaves);
    return leaves;
  }

  private static void flatten(String path, JsonNode node, Map<String, String> leaves) {
    if (node.isObject()) {
      node.properties()
          .forEach(field -> flatten(join(path, field.getKey()), field.getValue(), leaves));
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        flatten(join(path, Integer.toString(i + 1)), node.get(i), leaves);
      }
    } else {
      leaves.put(path, node.asText());
    }
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
