package io.sscam.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvFolderTest {
  @TempDir Path temporary;
  private Path folder;

  @BeforeEach
  void folders() throws IOException {
    folder = Files.createDirectory(temporary.resolve("birds"));
  }

  private DataSet read(String text) throws IOException {
    return CsvFolder.read(Made.text(folder.resolve("labels.csv"), text));
  }

  /** Fails unless the one row ends as a problem. */
  private void bad(String name, String reason) throws IOException {
    DataSet set = read("file,class\n\"" + name + "\",dog\n");
    assertThat(set.samples()).isEmpty();
    assertThat(set.problems()).hasSize(1);
    assertThat(set.problems().get(0).reason()).contains(reason).satisfies(Made::oneLine);
  }

  @Test
  void picturesAndLabelsAreThoseOfTheTable() throws IOException {
    Made.picture(folder.resolve("b, 1.png"), "png", 5, 4);
    Made.picture(folder.resolve("deep/ü.jpg"), "jpg", 3, 2);
    DataSet set =
        read("\uFEFFfile,class_index,class_name\r\n\"b, 1.png\",7,owl\r\ndeep/ü.jpg,8,\r\n");
    assertThat(set.name()).isEqualTo("birds");
    assertThat(set.split()).isNull();
    assertThat(set.problems()).isEmpty();
    assertThat(Made.ids(set.samples())).containsExactly("b, 1.png", "deep/ü.jpg");
    assertThat(set.samples().get(0).labels()).containsExactly("7");
    assertThat(set.samples().get(0).boxes()).isEmpty();
    assertThat(set.samples().get(0).picture().read().width()).isEqualTo(5);
    assertThat(set.samples().get(1).picture().read().height()).isEqualTo(2);
  }

  @Test
  void missingPicturesAreProblems() throws IOException {
    bad("none.png", "no such picture");
    bad("n".repeat(5000), "no such picture");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../outside.jpg", "deep/../../outside.jpg", "..", "/etc/hostname"})
  void noNameLeadsOut(String name) throws IOException {
    Made.jpeg(temporary.resolve("outside.jpg"));
    bad(name, "leads out of");
    bad("../".repeat(1000) + name, "leads out of");
  }

  @Test
  void noAbsoluteNameIsTaken() throws IOException {
    bad(Made.jpeg(folder.resolve("a.jpg")).toString(), "leads out of");
  }

  @Test
  void noLinkLeadsOut() throws IOException {
    Path outside = Made.jpeg(temporary.resolve("private/a.jpg"));
    Files.createSymbolicLink(folder.resolve("a.jpg"), outside);
    Files.createSymbolicLink(folder.resolve("deep"), temporary.resolve("private"));
    bad("a.jpg", "link out of");
    bad("deep/a.jpg", "link out of");
    Files.createSymbolicLink(folder.resolve("lost.jpg"), temporary.resolve("nowhere"));
    bad("lost.jpg", "no such picture");
    Files.createSymbolicLink(folder.resolve("round.jpg"), folder.resolve("round.jpg"));
    bad("round.jpg", "no such picture");
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "deep"})
  void aFolderIsNoPicture(String name) throws IOException {
    Files.createDirectory(folder.resolve("deep"));
    bad(name, "is no file");
  }

  @Test
  void aNameThatNoDiskKnowsIsAProblem() throws IOException {
    bad("a\0b.png", "is no file name");
    bad("\u001b[2J.png", "no such picture");
  }

  @Test
  void aTableInAnotherCodeIsOneLine() throws IOException {
    Path table = Files.write(folder.resolve("labels.csv"), new byte[] {'f', (byte) 0xFC, '\n'});
    Made.refused(() -> CsvFolder.read(table), "labels.csv", "UTF-8");
  }

  @Test
  void aTableInTheWorkingFolderHasItsPicturesThere() throws IOException {
    Path here = Path.of("").toAbsolutePath();
    Path table = here.relativize(Made.text(folder.resolve("t.csv"), "file,class\na.jpg,dog\n"));
    Made.jpeg(folder.resolve("a.jpg"));
    assertThat(table.isAbsolute()).isFalse();
    assertThat(Made.ids(CsvFolder.read(table).samples())).containsExactly("a.jpg");
  }
}
