package io.sscam.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.nets.ClassNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelMapTest {
  @TempDir Path folder;

  private LabelMap read(String json) throws IOException {
    return LabelMap.read(Made.text(folder.resolve("map.json"), json), 10);
  }

  private void refused(String json, String... parts) {
    Made.refused(() -> read(json), parts);
    Made.refused(() -> read(json), "map.json");
  }

  @Test
  void aNameStandsForAnyNumberOfClasses() throws IOException {
    LabelMap map = read("{\"dog\": [0, 9], \"person\": [], \"kätzchen\": [3]}");
    assertThat(map.classes("dog")).containsExactly(0, 9);
    assertThat(map.classes("person")).isEmpty();
    assertThat(map.classes("kätzchen")).containsExactly(3);
    assertThat(map.classes("cat")).isEmpty();
    assertThat(map.classes("3")).isEmpty(); // a name like any other here
    assertThat(read("{}").classes("dog")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "[]", "[1]", "1", "\"dog\"", "null", "true"})
  void onlyAnObjectWillDo(String json) {
    refused(json, "no JSON object");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "null",
        "\"1\"",
        "{}",
        "{\"1\": 1}",
        "[\"1\"]",
        "[1.0]",
        "[1.5]",
        "[null]",
        "[true]",
        "[[1]]",
        "[-1]",
        "[10]",
        "[2147483648]",
        "[99999999999999999999]",
        "[1e0]",
        "[1, 10]"
      })
  void onlyListsOfClassIndicesWillDo(String value) {
    refused("{\"cat\": [1], \"dog\": " + value + "}", "\"dog\"", "from 0 to 9");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{\"dog\": [1]",
        "{\"dog\": [1,]}",
        "{\"dog\": [NaN]}",
        "{\"dog\": [01]}",
        "{dog: [1]}",
        "{'dog': [1]}",
        "{\"dog\": [1]} {}",
        "{\"dog\": [1]} x",
        "{\"dog\": [1]}]",
        "{\"dog\": [1], \"dog\": [2]}",
        "{\"dog\": [1], \"d\\u006fg\": [1]}",
        "// comment\n{}",
        "{\"a\nb\": [1]}",
        "\0",
        "not JSON"
      })
  void brokenTextsAreRefused(String json) {
    refused(json, "no valid JSON");
  }

  @Test
  void anEndTooEarlyIsToldWithItsLine() {
    refused("{\"dog\":\n [1", "line 2: Unexpected end-of-input: expected close marker for Array)");
  }

  @Test
  void nestedDeeply() {
    refused("[".repeat(100_000));
    refused("{\"a\":".repeat(100_000));
    refused("{\"dog\": " + "[".repeat(5) + "]".repeat(5) + "}");
  }

  @Test
  void longerThanAnyMap() {
    refused("{\"dog\": [1]" + " ".repeat(16 << 20) + "}", "longer than");
    refused("{\"dog\": [" + "9".repeat(1 << 20) + "]}");
    refused("{\"" + "d".repeat(1 << 20) + "\": 1}", "no valid JSON");
    refused("{\"" + "d".repeat(40_000) + "\": 1}", "class indices");
  }

  @Test
  void aNameOfSeveralLinesIsShownInOne() {
    refused("{\"a\\nb\\u001b[2J\": 1}", "class indices");
  }

  @Test
  void brokenBytesAreRefused() throws IOException {
    byte[][] all = {
      {(byte) 0xFF, (byte) 0xFE, '{'},
      {'{', '"', (byte) 0xFC, '"', ':', '[', ']', '}'},
      {0, 0, 0, '{'},
      {(byte) 0xEF, (byte) 0xBB}
    };
    for (byte[] bytes : all) {
      Path file = Files.write(folder.resolve("bytes.json"), bytes);
      Made.refused(() -> LabelMap.read(file, 10), "bytes.json");
    }
  }

  @Test
  void aMissingFileIsOneLine() {
    Made.refused(() -> LabelMap.read(folder.resolve("none.json"), 10), "no such file");
    Made.refused(() -> LabelMap.read(folder, 10), folder.toString());
  }

  @Test
  void mutations() throws IOException {
    byte[] good = "{\"dög\": [1, 2], \"cat\": [], \"bird\": [9]}".getBytes(StandardCharsets.UTF_8);
    Random random = new Random(7);
    int refusals = 0;
    for (int round = 0; round < 1000; round++) {
      byte[] bytes = good.clone();
      for (int change = random.nextInt(3); change >= 0; change--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        LabelMap.read(Files.write(folder.resolve("map.json"), bytes), 10);
      } catch (DataSetException e) {
        Made.oneLine(e.getMessage());
        refusals++;
      }
    }
    assertThat(refusals).isBetween(100, 990);
  }

  @Test
  void theNetsOwnLabelsAreIndicesOrNames() {
    LabelMap own = LabelMap.identity(ClassNames.of(List.of("tench", "Great White", "great_auk")));
    assertThat(own.classes("0")).containsExactly(0);
    assertThat(own.classes("2")).containsExactly(2);
    assertThat(own.classes("tench")).containsExactly(0);
    assertThat(own.classes("great white")).containsExactly(1);
    assertThat(own.classes("GREAT-AUK")).containsExactly(2);
  }

  /** What a person types may be a part of a name; a data set's label may not. */
  @Test
  void aPartOfANameIsNoLabel() {
    LabelMap own = LabelMap.identity(ClassNames.imagenet());
    assertThat(own.classes("horse cart")).containsExactly(603);
    assertThat(own.classes("horse")).isEmpty();
    assertThat(own.classes("bottle")).isEmpty();
    assertThat(own.classes("ench")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "-1", "999999999", "9999999999", "", " ", "no such thing", "great"})
  void labelsThatTheNetDoesNotKnowHaveNoClass(String label) {
    LabelMap own = LabelMap.identity(ClassNames.of(List.of("tench", "great white", "great auk")));
    assertThat(own.classes(label)).isEmpty();
  }

  @Test
  void anAmbiguousNameHasNoClass() {
    LabelMap own = LabelMap.identity(ClassNames.of(List.of("crane", "auk", "crane")));
    assertThat(own.classes("crane")).isEmpty();
    assertThat(own.classes("2")).containsExactly(2);
  }
}
