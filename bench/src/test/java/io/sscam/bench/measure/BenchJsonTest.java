package io.sscam.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written is read again; all else is refused in one line. */
class BenchJsonTest {
  private static final BenchResult RESULT =
      Rows.result(
          Rows.timed("a \"name\"", 1.0 / 3, 0.1, 7e-9, 1e12, 5),
          Rows.net(4, 0.01),
          Rows.share("share", 12.5));

  @TempDir private Path folder;

  @Test
  void roundTrip() throws IOException {
    Path file = Files.writeString(folder.resolve("a.json"), BenchJson.write(RESULT));
    assertThat(BenchJson.read(file)).isEqualTo(RESULT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "schema" : 2          | "schema" : 1           | its format is 1
          "schema" : 2          | "scheme" : 2           | there is no "schema"
          "median" : 12.5       | "median" : "12.5"      | "median" is no number
          "median" : 12.5       | "median" : 1e999       | "median" is no number
          "unit" : "%"          | "unit" : "furlong"     | unit "furlong"
          "group" : "nets"      | "group" : "cars"       | group "cars"
          "name" : "share"      | "name" : 3             | "name" is no text
          "quick" : true,       | "quick"                | is no JSON
          """)
  void aForeignFileIsRefused(String from, String to, String why) throws IOException {
    String text = BenchJson.write(RESULT);
    assertThat(text).contains(from);
    Path file = Files.writeString(folder.resolve("a.json"), text.replace(from, to));
    refused(file, why);
  }

  @Test
  void noFileOrAFolderOrOneTooLargeIsRefused() throws IOException {
    refused(folder.resolve("none.json"), "does not exist");
    refused(folder, "is a folder");
    refused(Files.writeString(folder.resolve("empty.json"), ""), "is no result");
    refused(Files.writeString(folder.resolve("list.json"), "[1]"), "there is no \"schema\"");
    refused(Files.writeString(folder.resolve("deep.json"), "[".repeat(100_000)), "is no JSON");
    Path large = folder.resolve("large.json");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(BenchJson.LARGEST + 1L);
    }
    refused(large, "is larger than");
  }

  private static void refused(Path file, String why) {
    assertThatIOException()
        .isThrownBy(() -> BenchJson.read(file))
        .withMessageContaining(file.toString())
        .withMessageContaining(why)
        .withMessageEndingWith("name a file that bench --json wrote")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }
}
