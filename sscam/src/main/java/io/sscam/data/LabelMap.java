package io.sscam.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sscam.nets.ClassNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Joins a data set's classes to the net's: a name stands for any number of class indices, none
 * where the net does not know such a thing.
 */
public final class LabelMap {
  private static final int LIMIT = 16 << 20;

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(4).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Map<String, List<Integer>> classes;
  private final Optional<ClassNames> names;

  private LabelMap(Map<String, List<Integer>> classes, Optional<ClassNames> names) {
    this.classes = classes;
    this.names = names;
  }

  /** Labels are the net's own: class indices, or names as its list has them. */
  public static LabelMap identity(ClassNames names) {
    return new LabelMap(Map.of(), Optional.of(names));
  }

  /**
   * Reads a JSON object from names to lists of class indices.
   *
   * @param classes how many the net has
   * @throws DataSetException in one line, if it is no such object
   */
  public static LabelMap read(Path file, int classes) throws DataSetException {
    JsonNode root;
    try {
      root = MAPPER.readTree(SmallFiles.read(file, LIMIT));
    } catch (DataSetException e) {
      throw e;
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      String why = e.getOriginalMessage().replaceFirst(" \\(start marker.*", "");
      throw new DataSetException(
          "%s: is no valid JSON (line %d: %s)".formatted(file, line, why), e);
    } catch (IOException e) {
      throw new DataSetException(file + ": cannot be read", e);
    }
    if (!root.isObject()) {
      throw new DataSetException(
          file + ": is no JSON object like {\"dog\": [151, 152], \"person\": []}");
    }
    Map<String, List<Integer>> map = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      map.put(entry.getKey(), indices(file, entry.getKey(), entry.getValue(), classes));
    }
    return new LabelMap(map, Optional.empty());
  }

  private static List<Integer> indices(Path file, String name, JsonNode list, int classes)
      throws DataSetException {
    List<Integer> indices = new ArrayList<>();
    boolean usable = list.isArray();
    for (JsonNode node : list) {
      usable &= node.isInt() && node.intValue() >= 0 && node.intValue() < classes;
      indices.add(node.intValue());
    }
    if (!usable) {
      throw new DataSetException(
          "%s: \"%s\" is no list of class indices from 0 to %d"
              .formatted(file, OneLine.word(name), classes - 1));
    }
    return List.copyOf(indices);
  }

  /**
   * The net's classes of a label; none if the label means nothing to it.
   *
   * @param label of the data set
   */
  public List<Integer> classes(String label) {
    if (names.isEmpty()) {
      return classes.getOrDefault(label, List.of());
    }
    try {
      int index = names.get().find(label);
      // a part of a name is enough for a person, but a "horse" is no "horse cart"
      boolean whole = isNumber(label) || plain(names.get().name(index)).equals(plain(label));
      return whole ? List.of(index) : List.of();
    } catch (IllegalArgumentException e) { // no such name, or several like it
      return List.of();
    }
  }

  private static boolean isNumber(String label) {
    return label.strip().matches("[0-9]+");
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[\\s_-]+", " ").strip();
  }
}
