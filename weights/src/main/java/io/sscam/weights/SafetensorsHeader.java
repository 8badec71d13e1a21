package io.sscam.weights;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.sscam.engine.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The header of a safetensors file, read strictly: whatever a writer has no reason to write is an
 * error, so that no two readers can understand one file differently.
 */
final class SafetensorsHeader {
  /** The longest header taken, in bytes; the format itself allows 100 MB. */
  static final int LONGEST = 16 << 20;

  private static final int MOST_TENSORS = 100_000;
  private static final int MOST_AXES = 16;
  private static final String MEND = "fetch or convert the file again";

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(4)
                  .maxNumberLength(20)
                  .maxNameLength(4096)
                  .maxStringLength(1 << 20)
                  .maxDocumentLength(LONGEST)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // Names are not kept across files: a stranger's file must not fill the JVM's tables.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  private final String file;
  private final JsonParser json;
  private final Map<String, SafetensorsEntry> entries = new LinkedHashMap<>();
  private Map<String, String> metadata = Map.of();

  private SafetensorsHeader(String file, JsonParser json) {
    this.file = file;
    this.json = json;
  }

  /** Reads the header and checks that its tensors cover the rest of the file exactly. */
  static Parsed parse(String file, ByteSource bytes) {
    String text = text(file, bytes);
    try (JsonParser json = JSON.createParser(text)) {
      SafetensorsHeader header = new SafetensorsHeader(file, json);
      header.readAll();
      long dataStart = bytes.size() - dataLength(bytes);
      SafetensorsEntry.requireCovered(file, header.entries, dataLength(bytes));
      Map<String, StoredTensor> tensors = new LinkedHashMap<>();
      header.entries.forEach((name, entry) -> tensors.put(name, entry.stored(dataStart)));
      return new Parsed(tensors, Collections.unmodifiableMap(header.metadata));
    } catch (JacksonException e) {
      throw new WeightsException(
          file, "the header is not sound JSON: " + Text.clean(e.getOriginalMessage()), MEND, e);
    } catch (IOException e) {
      throw WeightsException.io(file, "the header cannot be read", e);
    }
  }

  /** What a header says. */
  record Parsed(Map<String, StoredTensor> tensors, Map<String, String> metadata) {}

  private static long dataLength(ByteSource bytes) {
    return bytes.size() - 8 - bytes.slice(0, 8).getLong();
  }

  private static String text(String file, ByteSource bytes) {
    if (bytes.size() < 8) {
      throw new WeightsException(
          file, "has only " + Text.count(bytes.size(), "byte") + ", too few for safetensors", MEND);
    }
    long length = bytes.slice(0, 8).getLong();
    if (length < 0 || length > LONGEST) {
      throw new WeightsException(
          file,
          "claims a header of "
              + Long.toUnsignedString(length)
              + " bytes (at most "
              + LONGEST
              + ")",
          "it is not a safetensors file, or a damaged one: " + MEND);
    }
    if (length > bytes.size() - 8) {
      throw new WeightsException(file, "ends inside its header, it is truncated", MEND);
    }
    ByteBuffer header = bytes.slice(8, length);
    if (length < 2 || header.get(0) != '{') {
      throw new WeightsException(file, "has no header that begins with {", MEND);
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(header).toString();
    } catch (CharacterCodingException e) {
      throw new WeightsException(file, "has a header that is not UTF-8", MEND, e);
    }
  }

  private void readAll() throws IOException {
    expect(json.nextToken(), JsonToken.START_OBJECT, "the header");
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      if (name.equals("__metadata__")) {
        metadata = readMetadata();
        continue;
      }
      if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
        throw bad("the name " + Text.quote(name) + " is not valid Unicode");
      }
      entries.put(name, readEntry(name));
      if (entries.size() > MOST_TENSORS) {
        throw bad("more than " + MOST_TENSORS + " tensors");
      }
    }
    if (json.nextToken() != null) {
      throw bad("something follows the header's last brace");
    }
  }

  private Map<String, String> readMetadata() throws IOException {
    expect(json.currentToken(), JsonToken.START_OBJECT, "__metadata__");
    Map<String, String> read = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      expect(json.nextToken(), JsonToken.VALUE_STRING, "__metadata__ " + Text.quote(key));
      read.put(key, json.getText());
    }
    return read;
  }

  private SafetensorsEntry readEntry(String name) throws IOException {
    String where = "tensor " + Text.quote(name);
    expect(json.currentToken(), JsonToken.START_OBJECT, where);
    DType dtype = null;
    Shape shape = null;
    long[] offsets = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "dtype" -> dtype = readType(where);
        case "shape" -> shape = readShape(where);
        case "data_offsets" -> offsets = readNumbers(where + " data_offsets");
        default -> throw bad(where + " has an unknown field " + Text.quote(field));
      }
    }
    if (dtype == null || shape == null || offsets == null) {
      throw bad(where + " lacks its dtype, shape or data_offsets");
    }
    if (offsets.length != 2) {
      throw bad(where + " has " + offsets.length + " data_offsets instead of 2");
    }
    SafetensorsEntry entry = new SafetensorsEntry(dtype, shape, offsets[0], offsets[1]);
    entry.requireLength(file, name);
    return entry;
  }

  private DType readType(String where) throws IOException {
    expect(json.currentToken(), JsonToken.VALUE_STRING, where + " dtype");
    String name = json.getText();
    return DType.named(name)
        .orElseThrow(
            () ->
                new WeightsException(
                    file,
                    where + " has the unknown dtype " + Text.quote(name),
                    "convert it to F32 or F16 with the program that wrote it"));
  }

  private Shape readShape(String where) throws IOException {
    long[] numbers = readNumbers(where + " shape");
    int[] dims = new int[numbers.length];
    for (int i = 0; i < dims.length; i++) {
      if (numbers[i] > Integer.MAX_VALUE) {
        throw bad(where + " has the extent " + numbers[i] + ", which is too large");
      }
      dims[i] = (int) numbers[i];
    }
    try {
      return Shape.of(dims);
    } catch (ArithmeticException e) {
      throw bad(where + " has more elements than can be counted");
    }
  }

  /** A short array of whole numbers that are not negative. */
  private long[] readNumbers(String where) throws IOException {
    expect(json.currentToken(), JsonToken.START_ARRAY, where);
    long[] numbers = new long[MOST_AXES];
    int count = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      expect(json.currentToken(), JsonToken.VALUE_NUMBER_INT, where);
      if (count == MOST_AXES) {
        throw bad(where + " has more than " + MOST_AXES + " numbers");
      }
      long number = json.getLongValue();
      if (number < 0) {
        throw bad(where + " holds the negative number " + number);
      }
      numbers[count++] = number;
    }
    return Arrays.copyOf(numbers, count);
  }

  private void expect(@Nullable JsonToken actual, JsonToken wanted, String where) {
    if (actual != wanted) {
      throw bad(where + " holds " + kind(actual) + " where " + kind(wanted) + " belongs");
    }
  }

  private static String kind(@Nullable JsonToken token) {
    if (token == null) {
      return "nothing";
    }
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "a list";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT -> "a whole number";
      case VALUE_NUMBER_FLOAT -> "a fraction";
      case VALUE_TRUE, VALUE_FALSE -> "a truth value";
      case VALUE_NULL -> "null";
      default -> "something else";
    };
  }

  private WeightsException bad(String problem) {
    return new WeightsException(file, problem, MEND);
  }
}
