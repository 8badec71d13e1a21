package io.sscam.engine.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path folder;

  private static void write(Path file) throws IOException {
    AtomicFile.write(file, out -> out.write(new byte[] {'n', 'e', 'w'}));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFailureLeavesWhatWasThere() throws IOException {
    Path file = Files.writeString(folder.resolve("a"), "old");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(1);
                      throw new IOException("no space left");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(file.toString(), "no space left");
    assertThat(file).hasContent("old");
    write(file);
    assertThat(file).hasContent("new");
    assertThat(names()).containsExactly("a");
  }

  @Test
  void aLinkStaysOneAndWhatItLeadsToIsReplaced() throws IOException {
    Path target = Files.writeString(folder.resolve("target"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), target);
    write(link);
    assertThat(link).isSymbolicLink();
    assertThat(target).hasContent("new");
    assertThat(names()).containsExactly("link", "target");
  }

  @Test
  void aLinkThatLeadsNowhereIsRefused() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("gone"));
    assertThatThrownBy(() -> write(link))
        .isInstanceOf(IOException.class)
        .hasMessage(link + ": is a link that leads nowhere; name a file");
    assertThat(link).isSymbolicLink();
    assertThat(names()).containsExactly("link");
  }

  @Test
  void whatIsOpenAlreadyIsNotReplaced() {
    assertThatThrownBy(() -> write(Path.of("/dev/stdout")))
        .isInstanceOf(IOException.class)
        .hasMessage("/dev/stdout: is a pipe, a device or the like, no file; name a file");
  }

  @Test
  void aPipeOrADeviceIsNotReplaced() throws IOException, InterruptedException {
    Path pipe = folder.resolve("pipe");
    int made = new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
    assertThat(made).isZero();
    Path link = Files.createSymbolicLink(folder.resolve("link"), pipe);
    for (Path file : List.of(pipe, link)) {
      assertThatThrownBy(() -> write(file))
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll(file.toString(), "a pipe, a device or the like");
    }
    assertThat(names()).containsExactly("link", "pipe");
    assertThat(Files.isRegularFile(pipe)).isFalse();
  }
}
