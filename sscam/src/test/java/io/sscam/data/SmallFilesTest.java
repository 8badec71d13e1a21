package io.sscam.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmallFilesTest {
  @TempDir Path folder;

  @Test
  void theLimitIsTheLongestThatIsRead() throws IOException {
    Path file = Files.write(folder.resolve("a"), new byte[] {1, 2, 3});
    assertThat(SmallFiles.read(file, 3)).containsExactly(1, 2, 3);
    Made.refused(() -> SmallFiles.read(file, 2), file.toString(), "longer than 2 bytes");
  }

  @Test
  void linesEndAsOnAnySystemAndAMarkIsLeftOut() throws IOException {
    assertThat(SmallFiles.lines(Made.text(folder.resolve("a"), "\uFEFFa\r\nb\rc\n\n d")))
        .containsExactly("a", "b", "c", "", " d");
    assertThat(SmallFiles.lines(Made.text(folder.resolve("b"), "\uFEFF"))).isEmpty();
    assertThat(SmallFiles.lines(Made.text(folder.resolve("c"), "a\uFEFFb")))
        .containsExactly("a\uFEFFb");
  }

  @Test
  void otherCodesAreRefused() throws IOException {
    for (byte[] bytes :
        new byte[][] {
          "für".getBytes(StandardCharsets.ISO_8859_1),
          "a".getBytes(StandardCharsets.UTF_16),
          {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, // half of a surrogate pair
          {(byte) 0xC0, (byte) 0x80} // NUL in two bytes
        }) {
      Path file = Files.write(folder.resolve("a"), bytes);
      Made.refused(() -> SmallFiles.lines(file), file.toString(), "UTF-8");
    }
  }

  @Test
  void moreLinesThanAnyListHasAreRefused() throws IOException {
    byte[] ends = new byte[2_000_001];
    Arrays.fill(ends, (byte) '\n');
    Path file = Files.write(folder.resolve("a"), ends);
    Made.refused(() -> SmallFiles.lines(file), file.toString(), "more than 2000000 lines");
    Files.write(file, Arrays.copyOf(ends, 2_000_000));
    assertThat(SmallFiles.lines(file)).hasSize(2_000_000);
  }

  @Test
  void aPipeIsNotWaitedFor() throws IOException, InterruptedException {
    Path pipe = folder.resolve("a.jpg");
    int made = new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
    assertThat(made).isZero();
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> Made.refused(() -> SmallFiles.inside(folder, "", "a.jpg"), "is no file"));
  }

  @Test
  void aNameMayGoDownAndUpAgain() throws IOException {
    Path file = Made.text(folder.resolve("in/deep/a"), "");
    assertThat(SmallFiles.inside(folder, "in", "deep/../deep/a")).isEqualTo(file);
    assertThat(SmallFiles.inside(folder, "in", "none")).doesNotExist();
    Made.refused(() -> SmallFiles.inside(folder, "in", "../in2/a"), "leads out of");
    Made.refused(() -> SmallFiles.inside(folder, "in", ""), "leads out of");
  }

  @Test
  void theCurrentFolderIsOneToo() throws IOException {
    for (String here : new String[] {".", "./", "", "x/.."}) {
      assertThat(SmallFiles.inside(Path.of(here), "", "none.csv")).isEqualTo(Path.of("none.csv"));
      Made.refused(() -> SmallFiles.inside(Path.of(here), "", "../none.csv"), "leads out of");
    }
    assertThat(SmallFiles.inside(Path.of(".."), "", "a")).isEqualTo(Path.of("../a"));
  }

  @Test
  void aFolderWhoseNameBeginsAlikeIsAnother() throws IOException {
    Made.text(folder.resolve("in2/a"), "");
    Files.createDirectory(folder.resolve("in"));
    Files.createSymbolicLink(folder.resolve("in/link"), folder.resolve("in2"));
    Path in = folder.resolve("in");
    Made.refused(() -> SmallFiles.inside(in, "", "link/a"), "link out of");
    assertThat(SmallFiles.inside(folder, "in", "link/a")).exists(); // inside of what the user named
  }
}
