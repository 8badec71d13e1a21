package io.sscam.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Runs the program in this process and keeps what it printed. */
final class Cli {
  private Cli() {}

  /** How a run ended. */
  record Outcome(int code, String out, String err) {
    /** The run did what was asked. */
    Outcome succeeded() {
      assertThat(err).doesNotContain("error:");
      assertThat(code).isEqualTo(ExitCode.OK);
      return this;
    }

    /** Refused in one line that holds these words, with at most a pointer to the help. */
    Outcome refused(int expected, String... words) {
      List<String> lines = err.lines().toList();
      assertThat(lines).as(err).isNotEmpty();
      assertThat(lines.get(0)).as(err).startsWith("error: ").contains(words);
      List<String> rest = lines.subList(1, lines.size());
      if (expected == ExitCode.WRONG_USE && !rest.isEmpty()) {
        assertThat(rest).singleElement().asString().startsWith("See: sscam-engine");
      } else {
        assertThat(rest).isEmpty();
      }
      assertThat(err).doesNotContain("\tat ", "Exception");
      assertThat(code).as(err).isEqualTo(expected);
      return this;
    }

    /** Refused as {@link #refused}, and nothing lies in the folder. */
    Outcome refusedWithout(Path folder, int expected, String... words) {
      refused(expected, words);
      assertThat(files(folder)).isEmpty();
      return this;
    }
  }

  static Outcome run(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] texts = Stream.of(args).map(Object::toString).toArray(String[]::new);
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), texts);
    return new Outcome(code, out.toString(), err.toString());
  }

  /**
   * A quick {@code explain}: a small input and CAM if no others are given, nothing but errors on
   * the screen.
   */
  static Outcome explain(Path folder, Object... more) {
    List<Object> args = new ArrayList<>(List.of("explain", "--quiet", "--out", folder));
    List<Object> given = List.of(more);
    if (!given.contains("--size")) {
      args.addAll(List.of("--size", "64x64"));
    }
    if (!given.contains("--method")) {
      args.addAll(List.of("--method", "cam"));
    }
    args.addAll(given);
    return run(args.toArray());
  }

  /** The names of the files in a folder, hidden ones too; none where it is missing. */
  static List<String> files(Path folder) {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
