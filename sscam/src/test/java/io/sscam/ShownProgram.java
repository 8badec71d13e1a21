package io.sscam;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A program that a document shows and a test runs: the lines between two comments of the test. */
final class ShownProgram {
  static final Path ROOT = Path.of(System.getProperty("sscam.root", ".."));

  private ShownProgram() {}

  /** Fails if the document does not show what the test runs. */
  static void check(Class<?> test, String document) throws IOException {
    Path source = ROOT.resolve("sscam/src/test/java/io/sscam/" + test.getSimpleName() + ".java");
    List<String> lines = Files.readAllLines(source, UTF_8);
    int from = lines.indexOf("    // shown from here");
    int to = lines.indexOf("      // to here");
    String program =
        lines.subList(from + 1, to).stream()
            .map(line -> line.substring(4))
            .collect(Collectors.joining("\n"));
    assertThat(program.lines().count()).isBetween(5L, 10L);
    assertThat(Files.readString(ROOT.resolve(document), UTF_8)).contains(program);
  }
}
