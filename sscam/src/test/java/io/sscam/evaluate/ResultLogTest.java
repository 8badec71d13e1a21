package io.sscam.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultLogTest {
  private static final Variant ONE = Made.variant("ss-cam/seed=1", 1);
  private static final Variant TWO = Made.control(Variant.MEAN_ACTIVATION);
  private static final RunSettings SETTINGS = Made.settings(3, ONE, TWO);

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("run.jsonl");
  }

  private Path written() throws IOException {
    try (ResultLog log = ResultLog.create(file(), SETTINGS)) {
      log.append(Made.outcomes("a", SETTINGS));
      log.append(new Skipped("b \"ü\n", "no picture"));
      log.append(Made.outcomes("c", SETTINGS));
    }
    return file();
  }

  @Test
  void everyFieldComesBack() throws IOException {
    Outcome full =
        new Outcome(
            "a/ü.jpg",
            ONE.id(),
            1,
            "tench, <Tinca>",
            false,
            0.1,
            1.0 / 3,
            OptionalDouble.of(0.125),
            OptionalDouble.empty(),
            OptionalDouble.of(0.2),
            OptionalDouble.of(0.3),
            OptionalDouble.of(0.4),
            0.5,
            511.25,
            false,
            -9_007_199_254_740_993L,
            1,
            3,
            new float[] {0, Float.MIN_VALUE, 0.1f},
            2.25,
            5121);
    RunSettings settings = Made.settings(1, ONE);
    try (ResultLog log = ResultLog.create(file(), settings)) {
      log.append(List.of(full));
    }

    Results read = ResultLog.read(file());

    assertThat(read.settings()).isEqualTo(settings);
    assertThat(read.outcomes()).hasSize(1);
    assertThat(read.outcomes().get(0)).usingRecursiveComparison().isEqualTo(full);
    assertThat(read.complete()).isTrue();
  }

  @Test
  void aLogHoldsItsPicturesInOrder() throws IOException {
    Results read = ResultLog.read(written());

    assertThat(read.outcomes()).extracting(Outcome::picture).containsExactly("a", "a", "c", "c");
    assertThat(read.skipped()).containsExactly(new Skipped("b \"ü\n", "no picture"));
    assertThat(read.pictures()).isEqualTo(3);
    assertThat(Files.readString(file()).lines()).hasSize(6);
  }

  @Test
  void aRunKilledAtAnyByteGoesOnToTheSameLog() throws IOException {
    byte[] whole = Files.readAllBytes(written());
    Path torn = folder.resolve("torn.jsonl");
    for (int cut : cuts(whole)) {
      Files.write(torn, Arrays.copyOf(whole, cut));
      try (ResultLog log = ResultLog.resume(torn, SETTINGS)) {
        if (!log.contains("a")) {
          log.append(Made.outcomes("a", SETTINGS));
        }
        if (!log.contains("b \"ü\n")) {
          log.append(new Skipped("b \"ü\n", "no picture"));
        }
        if (!log.contains("c")) {
          log.append(Made.outcomes("c", SETTINGS));
        }
      }
      assertThat(Files.readAllBytes(torn)).as("cut at %d", cut).isEqualTo(whole);
    }
  }

  /** Every byte around a line's end, and every eleventh between. */
  private static List<Integer> cuts(byte[] whole) {
    List<Integer> cuts = new ArrayList<>();
    for (int cut = 0; cut <= whole.length; cut++) {
      boolean nearEnd = false;
      for (int i = Math.max(0, cut - 3); i < Math.min(whole.length, cut + 3); i++) {
        nearEnd |= whole[i] == '\n';
      }
      if (nearEnd || cut < 3 || cut % 11 == 0) {
        cuts.add(cut);
      }
    }
    return cuts;
  }

  @Test
  void aTornLogIsReadUpToItsLastWholePicture() throws IOException {
    byte[] whole = Files.readAllBytes(written());
    Files.write(file(), Arrays.copyOf(whole, whole.length - 1));

    Results read = ResultLog.read(file());

    assertThat(read.outcomes()).extracting(Outcome::picture).containsExactly("a", "a");
    assertThat(read.complete()).isFalse();
  }

  @Test
  void damageInTheMiddleNamesItsLine() throws IOException {
    List<String> lines = Files.readAllLines(written());
    expectDamage(lines, 2, "{}", "line 3 is damaged: field picture is missing");
    expectDamage(lines, 2, "", "line 3 is damaged: no");
    expectDamage(lines, 2, lines.get(1), "line 3 is damaged: it holds ss-cam/seed=1 of a");
    expectDamage(lines, 3, lines.get(3).replace("}", ",\"x\":1}"), "line 4 is damaged: unknown");
    expectDamage(lines, 3, lines.get(3) + "{}", "line 4 is damaged: no ");
    expectDamage(
        lines, 3, lines.get(3).replace("{", "{\"reason\":\"\","), "line 4 is damaged: no sound");
    expectDamage(
        lines,
        1,
        lines.get(1).replace("\"probability\":0.8", "\"probability\":\"NaN\""),
        "line 2 is damaged: field probability is not a number");
    expectDamage(
        lines,
        1,
        lines.get(1).replace("\"probability\":0.8", "\"probability\":1.5"),
        "line 2 is damaged: probability lies between 0.0 and 1.0, not at 1.5");
    expectDamage(
        lines,
        1,
        lines.get(1).replace("\"mapWidth\":2", "\"mapWidth\":1000"),
        "line 2 is damaged: a map of 2×1000 does not have 4 values");
    expectDamage(lines, 0, lines.get(0).replace("fp32", "fp32\",\"x\":\"y"), "model.x");
  }

  private void expectDamage(List<String> lines, int line, String text, String message)
      throws IOException {
    assertThat(text).isNotEqualTo(lines.get(line));
    List<String> damaged = new ArrayList<>(lines);
    damaged.set(line, text);
    byte[] bytes = (String.join("\n", damaged) + "\n").getBytes(StandardCharsets.UTF_8);
    Files.write(file(), bytes);
    assertThatThrownBy(() -> ResultLog.resume(file(), SETTINGS))
        .isInstanceOf(ResultLogException.class)
        .hasMessageContaining(message)
        .hasMessageStartingWith(file().toString())
        .message()
        .doesNotContain("\n");
    assertThat(Files.readAllBytes(file())).as("the damaged log is left alone").isEqualTo(bytes);
    assertThatThrownBy(() -> ResultLog.read(file())).hasMessageContaining(message);
  }

  @Test
  void invalidUtf8IsDamage() throws IOException {
    byte[] bytes = Files.readAllBytes(written());
    for (int i = bytes.length - 1; ; i--) {
      if (bytes[i] == 'g') { // of goldfish
        bytes[i] = (byte) 0xFF;
        break;
      }
    }
    Files.write(file(), bytes);
    assertThatThrownBy(() -> ResultLog.read(file())).hasMessageContaining("no valid UTF-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello", "hello\n", "{\"format\":\"other\"}\n", "\n", "{\"forma?"})
  void aFileThatIsNoLogIsLeftAlone(String text) throws IOException {
    Files.writeString(file(), text);

    assertThatThrownBy(() -> ResultLog.resume(file(), SETTINGS))
        .isInstanceOf(ResultLogException.class);
    assertThat(Files.readString(file())).isEqualTo(text);
  }

  @Test
  void otherSettingsAreNamed() throws IOException {
    written();
    RunSettings other = Made.settings(3, Made.variant("ss-cam/seed=1", 2), TWO);

    assertThatThrownBy(() -> ResultLog.resume(file(), other))
        .hasMessageContaining("a log of other settings: variants.1.seed is 2 here and 1 there");
    assertThatThrownBy(() -> ResultLog.resume(file(), Made.settings(3, ONE)))
        .hasMessageContaining("variants.2.id is none here and mean-activation there");
  }

  @Test
  void anotherCommandMayResume() throws IOException {
    written();
    RunSettings same =
        new RunSettings(
            SETTINGS.program(),
            SETTINGS.data(),
            SETTINGS.model(),
            SETTINGS.target(),
            SETTINGS.variants(),
            SETTINGS.metrics(),
            SETTINGS.shard(),
            "the same with other words");
    try (ResultLog log = ResultLog.resume(file(), same)) {
      assertThat(log.pictures()).isEqualTo(3);
    }
  }

  @Test
  void createTakesNoFileThatExists() throws IOException {
    byte[] before = Files.readAllBytes(written());
    assertThatThrownBy(() -> ResultLog.create(file(), SETTINGS))
        .hasMessage(file() + ": exists; resume it (--resume) or name another place (--out)");
    assertThat(Files.readAllBytes(file())).isEqualTo(before);
  }

  @Test
  void twoRunsCannotShareALog() throws IOException {
    try (ResultLog log = ResultLog.create(file(), SETTINGS)) {
      assertThatThrownBy(() -> ResultLog.resume(file(), SETTINGS))
          .hasMessageContaining("another run writes to it");
      log.append(Made.outcomes("a", SETTINGS));
    }
    try (ResultLog log = ResultLog.resume(file(), SETTINGS)) {
      assertThat(log.contains("a")).isTrue();
    }
  }

  @Test
  void aPictureIsOnTheDiskWhenAppendReturns() throws IOException {
    try (ResultLog log = ResultLog.create(file(), SETTINGS)) {
      log.append(Made.outcomes("a", SETTINGS));
      assertThat(Files.readString(file()).lines()).hasSize(3);
    }
  }

  @Test
  void aLogThatWasDeletedIsNoticed() throws IOException {
    try (ResultLog log = ResultLog.create(file(), SETTINGS)) {
      log.append(Made.outcomes("a", SETTINGS));
      Files.delete(file());
      assertThatThrownBy(() -> log.append(Made.outcomes("c", SETTINGS)))
          .isInstanceOf(ResultLogException.class)
          .hasMessageContaining("keeps the 1 pictures before");
    }
  }

  @Test
  void aFailedWriteKeepsWhatWasThereAndEndsTheLog() throws IOException {
    try (ResultLog log = ResultLog.create(file(), SETTINGS)) {
      log.append(Made.outcomes("a", SETTINGS));
      Thread.currentThread().interrupt(); // which closes the channel under the write
      assertThatThrownBy(() -> log.append(Made.outcomes("c", SETTINGS)))
          .isInstanceOf(ResultLogException.class)
          .hasMessageContaining("keeps the 1 pictures before");
      assertThat(Thread.interrupted()).isTrue();
      assertThat(log.contains("c")).isFalse();
      assertThatThrownBy(() -> log.append(Made.outcomes("c", SETTINGS)))
          .isInstanceOf(ResultLogException.class);
    }
    assertThat(ResultLog.read(file()).pictures()).isEqualTo(1);
  }

  @Test
  void aFolderThatIsNotThereIsOneLine() {
    Path lost = folder.resolve("no/such.jsonl");
    assertThatThrownBy(() -> ResultLog.create(lost, SETTINGS))
        .isInstanceOf(ResultLogException.class)
        .hasMessageStartingWith(lost + ": cannot be opened (")
        .hasMessageEndingWith("); check its folder");
  }

  /** The system refuses bytes in the middle of a write, as it does when the disk is full. */
  @Test
  void aDiskThatFillsUpKeepsThePicturesBefore() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process child =
        new ProcessBuilder(
                "bash",
                "-c",
                "ulimit -f 4; exec \"$0\" -XX:-UsePerfData -cp \"$1\" \"$2\" \"$3\"",
                java,
                System.getProperty("java.class.path"),
                Filler.class.getName(),
                file().toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.waitFor()).as(said).isEqualTo(0);

    int kept = ResultLog.read(file()).pictures();

    assertThat(said)
        .contains("cannot be written any more", "keeps the %d pictures".formatted(kept));
    assertThat(kept).isPositive();
    assertThat(Files.size(file())).as("the last line is torn").isEqualTo(4096);
    try (ResultLog log = ResultLog.resume(file(), Filler.ENDLESS)) {
      assertThat(log.pictures()).isEqualTo(kept);
    }
    assertThat(Files.readString(file())).endsWith("}\n");
  }

  /** Writes pictures until it fails, and says why. */
  static final class Filler {
    static final RunSettings ENDLESS = Made.settings(1000, ONE, TWO);

    public static void main(String[] args) throws IOException {
      try (ResultLog log = ResultLog.create(Path.of(args[0]), ENDLESS)) {
        for (int i = 0; ; i++) {
          log.append(Made.outcomes("picture " + i, ENDLESS));
        }
      } catch (ResultLogException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void onlyWholePicturesAreTaken() throws IOException {
    try (ResultLog log = ResultLog.create(file(), SETTINGS)) {
      assertThatThrownBy(() -> log.append(List.of(Made.outcome("a", ONE))))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> log.append(List.of(Made.outcome("a", ONE), Made.outcome("b", TWO))))
          .isInstanceOf(IllegalArgumentException.class);
      log.append(new Skipped("a", "broken"));
      assertThatThrownBy(() -> log.append(Made.outcomes("a", SETTINGS)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
