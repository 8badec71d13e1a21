package io.sscam.kernels.cuda.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of candidates, and those that are none. */
class CandidateTest {
  @TempDir Path folder;

  private void refused(Path file, String why) {
    assertThatThrownBy(() -> Candidate.read(file))
        .isInstanceOf(CandidateException.class)
        .hasMessage(file + " " + why + "; name a file of CUDA C++");
  }

  @Test
  void aTextIsReadUpToItsLimit() throws IOException {
    Path file = folder.resolve("my.cu");
    Files.writeString(file, "// größer\n");
    assertThat(Candidate.read(file)).isEqualTo(new Candidate("my.cu", "// größer\n"));
    Files.writeString(file, " ".repeat(Candidate.LARGEST));
    assertThat(Candidate.read(file).text()).hasSize(Candidate.LARGEST);
    Files.writeString(file, " ".repeat(Candidate.LARGEST + 1));
    refused(file, "is larger than 1 MiB");
  }

  @Test
  void whatIsNoTextIsRefused() throws IOException {
    refused(folder.resolve("none.cu"), "does not exist");
    refused(folder, "is a folder");
    refused(
        Files.write(folder.resolve("a"), new byte[] {(byte) 0xc3, 0x28}), "is no text in UTF-8");
    refused(Files.write(folder.resolve("b"), new byte[] {'x', 0, 'y'}), "is no text in UTF-8");
  }
}
