package io.sscam.evaluate;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one JSON object, read strictly: each is asked for once by name and type, and what
 * nobody asked for is an error. Every error is an {@link IllegalArgumentException} whose message
 * names the field.
 */
final class JsonFields {
  /** The longest text taken, in bytes. */
  static final int LONGEST = 4 << 20;

  private static final int MOST_ITEMS = 1000;

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(8)
                          .maxNumberLength(40)
                          .maxNameLength(100)
                          .maxStringLength(1 << 20)
                          .maxDocumentLength(LONGEST)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  // Names are not kept across files: a stranger's file must not fill the tables.
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final String path;
  private final ObjectNode node;
  private final Set<String> asked = new HashSet<>();

  private JsonFields(String path, ObjectNode node) {
    this.path = path;
    this.node = node;
  }

  /** Reads an object from UTF-8 text. */
  static JsonFields parse(byte[] utf8) {
    String text;
    try { // Jackson would replace what is no valid Unicode, and a picture would have another name
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("no valid UTF-8", e);
    }
    try (JsonParser parser = MAPPER.createParser(text)) {
      JsonNode node = MAPPER.readTree(parser);
      if (node instanceof ObjectNode object && parser.nextToken() == null) {
        return new JsonFields("", object);
      }
      throw new IllegalArgumentException("no JSON object");
    } catch (JacksonException e) {
      throw new IllegalArgumentException("no sound JSON", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("no readable JSON", e);
    }
  }

  boolean has(String name) {
    return node.has(name);
  }

  String text(String name) {
    JsonNode value = required(name);
    if (!value.isTextual()) {
      throw wrong(name, "text");
    }
    return value.textValue();
  }

  @Nullable String textOrNull(String name) {
    return absent(name) ? null : text(name);
  }

  boolean flag(String name) {
    JsonNode value = required(name);
    if (!value.isBoolean()) {
      throw wrong(name, "true or false");
    }
    return value.booleanValue();
  }

  int integer(String name) {
    JsonNode value = required(name);
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw wrong(name, "a whole number");
    }
    return value.intValue();
  }

  @Nullable Integer integerOrNull(String name) {
    return absent(name) ? null : integer(name);
  }

  long whole(String name) {
    JsonNode value = required(name);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw wrong(name, "a whole number");
    }
    return value.longValue();
  }

  @Nullable Long wholeOrNull(String name) {
    return absent(name) ? null : whole(name);
  }

  double number(String name) {
    JsonNode value = required(name);
    if (!value.isNumber()) {
      throw wrong(name, "a number");
    }
    return value.doubleValue();
  }

  @Nullable Double numberOrNull(String name) {
    return absent(name) ? null : number(name);
  }

  OptionalDouble optionalNumber(String name) {
    return absent(name) ? OptionalDouble.empty() : OptionalDouble.of(number(name));
  }

  JsonFields object(String name) {
    if (required(name) instanceof ObjectNode object) {
      return new JsonFields(path + name + ".", object);
    }
    throw wrong(name, "an object");
  }

  List<String> texts(String name) {
    return items(
        name,
        item -> {
          if (!item.isTextual()) {
            throw wrong(name, "a list of texts");
          }
          return item.textValue();
        });
  }

  /** A list of objects; each must be read to its {@link #end()}. */
  <T> List<T> objects(String name, Function<JsonFields, T> read) {
    return items(
        name,
        item -> {
          if (item instanceof ObjectNode object) {
            JsonFields fields = new JsonFields(path + name + ".", object);
            T value = read.apply(fields);
            fields.end();
            return value;
          }
          throw wrong(name, "a list of objects");
        });
  }

  /** Refuses what was not asked for. */
  void end() {
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!asked.contains(name)) {
                throw new IllegalArgumentException("unknown field %s%s".formatted(path, name));
              }
            });
  }

  private <T> List<T> items(String name, Function<JsonNode, T> read) {
    JsonNode value = required(name);
    if (!value.isArray() || value.size() > MOST_ITEMS) {
      throw wrong(name, "a list of at most " + MOST_ITEMS);
    }
    List<T> items = new ArrayList<>();
    value.forEach(item -> items.add(read.apply(item)));
    return items;
  }

  private boolean absent(String name) {
    asked.add(name);
    return !node.hasNonNull(name);
  }

  private JsonNode required(String name) {
    asked.add(name);
    JsonNode value = node.get(name);
    if (value == null) {
      throw new IllegalArgumentException("field %s%s is missing".formatted(path, name));
    }
    return value;
  }

  private IllegalArgumentException wrong(String name, String wanted) {
    return new IllegalArgumentException("field %s%s is not %s".formatted(path, name, wanted));
  }
}
