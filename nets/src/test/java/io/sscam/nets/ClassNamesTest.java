package io.sscam.nets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassNamesTest {
  private final ClassNames imagenet = ClassNames.imagenet();

  @Test
  void imagenetIsInTorchvisionsOrder() {
    assertThat(imagenet.size()).isEqualTo(1000);
    assertThat(imagenet.name(0)).isEqualTo("tench");
    assertThat(imagenet.name(162)).isEqualTo("beagle");
    assertThat(imagenet.name(999)).isEqualTo("toilet tissue");
  }

  @Test
  void everyNameFindsItsOwnClass() {
    for (int i = 0; i < imagenet.size(); i++) {
      assertThat(imagenet.find(imagenet.name(i))).isEqualTo(i);
      assertThat(imagenet.find(Integer.toString(i))).isEqualTo(i);
    }
  }

  @Test
  void capitalsAndSeparatorsDoNotCount() {
    assertThat(imagenet.find("Lesser_Panda")).isEqualTo(387);
    assertThat(imagenet.find(" black-and tan_coonhound ")).isEqualTo(165);
    assertThat(imagenet.find("crane")).isEqualTo(517);
    assertThat(imagenet.find("bluetick")).isEqualTo(164);
    assertThat(imagenet.find("Cardigan")).isEqualTo(264);
    assertThat(imagenet.find("space shut")).isEqualTo(812);
  }

  @Test
  void severalFitsAreListedWithTheirIndices() {
    assertThatThrownBy(() -> imagenet.find("hound"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"hound\" fits ")
        .hasMessageContaining("Afghan hound (160)")
        .hasMessageContaining(" more; give the index or the full name");
    assertThatThrownBy(() -> ClassNames.of(List.of("crane", "ox", "crane")).find("crane"))
        .hasMessage(
            "\"crane\" fits 2 classes: crane (0), crane (2); give the index or the full name");
  }

  @Test
  void theUnknownSuggestsTheNear() {
    assertThatThrownBy(() -> imagenet.find("beegle"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("no class is called \"beegle\"; did you mean beagle (162), ");
    assertThatThrownBy(() -> imagenet.find("1000"))
        .hasMessage("there is no class 1000: the classes are 0 to 999");
    assertThatThrownBy(() -> imagenet.find(" _ ")).hasMessageContaining("empty");
    assertThatThrownBy(() -> imagenet.find("x".repeat(100_000)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void numberedNamesStandInForUnknownOnes() {
    ClassNames names = ClassNames.numbered(20);
    assertThat(names.name(17)).isEqualTo("class 17");
    assertThat(names.find("class 1")).isEqualTo(1);
    assertThatThrownBy(() -> ClassNames.numbered(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readsAFile(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("names.txt");
    Files.writeString(file, "\uFEFFcat\r\ndog \r\n\r\n");
    assertThat(ClassNames.read(file).names()).containsExactly("cat", "dog");
  }

  @Test
  void refusesWhatIsNoList(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("names.txt");
    assertThatThrownBy(() -> ClassNames.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("names.txt cannot be read");
    byte[] latin1 = "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1);
    for (byte[] bytes : List.of(new byte[0], "a\n\nb".getBytes(StandardCharsets.UTF_8), latin1)) {
      Files.write(file, bytes);
      assertThatThrownBy(() -> ClassNames.read(file))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("names.txt is no list of class names: ");
    }
    Files.write(file, new byte[(1 << 20) + 1]);
    assertThatThrownBy(() -> ClassNames.read(file)).hasMessageContaining("over 1 MiB");
  }
}
