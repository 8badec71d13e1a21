package io.sscam.evaluate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.OptionalDouble;

/** One outcome as one line of JSON. The map is base64 of little-endian float32. */
final class OutcomeJson {
  private OutcomeJson() {}

  static ObjectNode write(Outcome outcome) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("picture", outcome.picture());
    node.put("variant", outcome.variant());
    node.put("classIndex", outcome.classIndex());
    node.put("className", outcome.className());
    node.put("correct", outcome.correct());
    node.put("probability", outcome.probability());
    node.put("explainedProbability", outcome.explainedProbability());
    put(node, "pointing", outcome.pointing());
    put(node, "boxShare", outcome.boxShare());
    put(node, "deletion", outcome.deletion());
    put(node, "insertion", outcome.insertion());
    put(node, "coherency", outcome.coherency());
    node.put("complexity", outcome.complexity());
    node.put("effectiveChannels", outcome.effectiveChannels());
    node.put("blank", outcome.blank());
    node.put("seed", outcome.seed());
    node.put("mapHeight", outcome.mapHeight());
    node.put("mapWidth", outcome.mapWidth());
    node.put("map", encode(outcome.map()));
    node.put("seconds", outcome.seconds());
    node.put("forwardPasses", outcome.forwardPasses());
    return node;
  }

  private static void put(ObjectNode node, String name, OptionalDouble value) {
    value.ifPresent(v -> node.put(name, v));
  }

  static Outcome read(JsonFields fields) {
    return new Outcome(
        fields.text("picture"),
        fields.text("variant"),
        fields.integer("classIndex"),
        fields.text("className"),
        fields.flag("correct"),
        fields.number("probability"),
        fields.number("explainedProbability"),
        fields.optionalNumber("pointing"),
        fields.optionalNumber("boxShare"),
        fields.optionalNumber("deletion"),
        fields.optionalNumber("insertion"),
        fields.optionalNumber("coherency"),
        fields.number("complexity"),
        fields.number("effectiveChannels"),
        fields.flag("blank"),
        fields.whole("seed"),
        fields.integer("mapHeight"),
        fields.integer("mapWidth"),
        decode(fields.text("map")),
        fields.number("seconds"),
        fields.whole("forwardPasses"));
  }

  private static String encode(float[] map) {
    ByteBuffer bytes = ByteBuffer.allocate(map.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(map);
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  private static float[] decode(String text) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("field map is no base64", e);
    }
    if (bytes.length % 4 != 0) {
      throw new IllegalArgumentException("field map has no whole number of float32 values");
    }
    float[] map = new float[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(map);
    return map;
  }
}
