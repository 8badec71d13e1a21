package io.sscam.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnnotatedFolderTest {
  @TempDir Path temporary;
  private Path root;

  @BeforeEach
  void folders() throws IOException {
    root = Files.createDirectory(temporary.resolve("VOC2012"));
    Files.createDirectories(root.resolve("JPEGImages"));
    Files.createDirectories(root.resolve("Annotations"));
    Files.createDirectories(root.resolve("ImageSets/Main"));
  }

  private void photo(String id, String... objects) throws IOException {
    Made.jpeg(root.resolve("JPEGImages/" + id + ".jpg"));
    Made.text(root.resolve("Annotations/" + id + ".xml"), Made.annotation(objects));
  }

  private void list(String split, String text) throws IOException {
    Made.text(root.resolve("ImageSets/Main/" + split + ".txt"), text);
  }

  private DataSet voc(String split) throws DataSetException {
    return AnnotatedFolder.VOC.read(root, split);
  }

  @Test
  void pixelsFrom1WithTheLastIncludedAreEdges() throws IOException {
    // all of 8×6, then the first pixel alone, then columns 3 and 4 of row 6
    photo(
        "a",
        Made.object("dog", "1", "1", "8", "6"),
        Made.object("cat", "1", "1", "1", "1"),
        Made.object("dog", "3", "6", "4", "6"));
    list("test", "a\n");
    DataSet set = voc("test");
    assertThat(set.name()).isEqualTo("PASCAL VOC");
    assertThat(set.split()).isEqualTo("test");
    assertThat(set.problems()).isEmpty();
    Sample sample = set.samples().get(0);
    assertThat(sample.id()).isEqualTo("a");
    assertThat(sample.boxes())
        .containsExactly(
            Made.labelled("dog", 0, 0, 8, 6),
            Made.labelled("cat", 0, 0, 1, 1),
            Made.labelled("dog", 2, 5, 4, 6));
    assertThat(sample.labels()).containsExactly("dog", "cat");
    assertThat(sample.picture().read().width()).isEqualTo(8);
    assertThat(sample.picture().read().height()).isEqualTo(6);
  }

  @Test
  void aListByClassLeavesOutWhatLacksIt() throws IOException {
    for (String id : List.of("a", "b", "c", "d")) {
      photo(id, Made.object("dog", "1", "1", "2", "2"));
    }
    list("dog_test", "b  1\r\na -1\n\nd  0\nc  1");
    DataSet set = voc("dog_test");
    assertThat(Made.ids(set.samples())).containsExactly("b", "c", "d"); // 0 is "difficult"
    assertThat(set.problems()).isEmpty();
  }

  @Test
  void samplesAreInTheOrderOfTheirIds() throws IOException {
    for (String id : List.of("a", "B", "a1")) {
      photo(id);
    }
    list("test", "a1\na\nB\n");
    assertThat(Made.ids(voc("test").samples())).containsExactly("B", "a", "a1");
  }

  @Test
  void whatCannotBeUsedIsAProblemThatNamesThePlace() throws IOException {
    photo("good");
    Made.text(root.resolve("Annotations/unseen.xml"), Made.annotation());
    Made.jpeg(root.resolve("JPEGImages/bare.jpg"));
    Made.jpeg(root.resolve("JPEGImages/broken.jpg"));
    Made.text(root.resolve("Annotations/broken.xml"), "<annotation>\n<object>");
    list("test", "unseen\ngood\nbare\nbroken\n../JPEGImages/good\n");
    DataSet set = voc("test");
    assertThat(Made.ids(set.samples())).containsExactly("good");
    assertThat(set.problems())
        .extracting(Problem::id)
        .containsExactly("test.txt line 3", "test.txt line 4", "test.txt line 5", "unseen");
    assertThat(set.problems())
        .extracting(Problem::reason)
        .satisfiesExactly(
            bare -> assertThat(bare).contains("bare.xml", "no such file"),
            broken -> assertThat(broken).contains("broken.xml", "line 2"),
            out -> assertThat(out).contains("leads out of"),
            unseen -> assertThat(unseen).contains("JPEGImages/unseen.jpg"))
        .allSatisfy(Made::oneLine);
  }

  @Test
  void aPictureNamedTwiceCountsOnce() throws IOException {
    photo("a");
    list("test", "a\na\n");
    DataSet set = voc("test");
    assertThat(Made.ids(set.samples())).containsExactly("a");
    assertThat(set.problems()).containsExactly(new Problem("a (again)", "is named twice"));
  }

  @Test
  void anUnknownSplitListsWhatThereIs() throws IOException {
    list("val", "");
    list("train", "");
    Made.refused(() -> voc("test"), root.toString(), "no split \"test\"", "train, val");
  }

  @Test
  void ofManySplitsSomeAreListed() throws IOException {
    for (int i = 0; i < 30; i++) {
      list("class%02d_val".formatted(i), "");
    }
    Made.refused(() -> voc("test"), "class00_val, class01_val", "class11_val, …");
  }

  @Test
  void aFolderWithoutListsIsOneLine() throws IOException {
    Made.refused(() -> voc("test"), "no split \"test\"", "none");
    Files.delete(root.resolve("ImageSets/Main"));
    Made.refused(() -> voc("test"), "ImageSets/Main", "there is no such folder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../../secret", "/secret", "..", "a\0b", "a\nb"})
  void aSplitStaysInItsFolder(String split) throws IOException {
    photo("a");
    Made.text(temporary.resolve("secret.txt"), "a\n");
    Made.refused(() -> voc(split), "split");
    Made.refused(() -> voc(temporary + split), "split");
  }

  @Test
  void noLinkLeadsOut() throws IOException {
    Path outside = Made.jpeg(temporary.resolve("outside/a.jpg"));
    Path annotation = Made.text(temporary.resolve("outside/b.xml"), Made.annotation());
    Path secret = Made.text(temporary.resolve("outside/secret.txt"), "a\n");
    photo("a");
    photo("b");
    Files.delete(root.resolve("JPEGImages/a.jpg"));
    Files.delete(root.resolve("Annotations/b.xml"));
    Files.createSymbolicLink(root.resolve("JPEGImages/a.jpg"), outside);
    Files.createSymbolicLink(root.resolve("Annotations/b.xml"), annotation);
    Files.createSymbolicLink(root.resolve("ImageSets/Main/linked.txt"), secret);
    list("test", "a\nb\n");
    DataSet set = voc("test");
    assertThat(set.samples()).isEmpty();
    assertThat(set.problems()).hasSize(2).allSatisfy(p -> assertThat(p.reason()).contains("link"));
    Made.refused(() -> voc("linked"), "link");
  }

  @Test
  void noLinkedFolderLeadsOut() throws IOException {
    photo("a");
    list("test", "a\n");
    Files.move(root.resolve("JPEGImages"), temporary.resolve("private"));
    Files.createSymbolicLink(root.resolve("JPEGImages"), temporary.resolve("private"));
    DataSet set = voc("test");
    assertThat(set.samples()).isEmpty();
    assertThat(set.problems()).hasSize(1);
    assertThat(set.problems().get(0).reason()).contains("link out of " + root);
  }

  @Test
  void linksInsideTheFolderAndTheFolderItselfMayBeLinks() throws IOException {
    photo("a");
    photo("b");
    Files.delete(root.resolve("JPEGImages/b.jpg"));
    Files.createSymbolicLink(root.resolve("JPEGImages/b.jpg"), root.resolve("JPEGImages/a.jpg"));
    list("test", "a\nb\n");
    Path link = Files.createSymbolicLink(temporary.resolve("link"), root);
    DataSet set = AnnotatedFolder.VOC.read(link, "test");
    assertThat(Made.ids(set.samples())).containsExactly("a", "b");
  }

  @Test
  void aFolderIsNoPicture() throws IOException {
    photo("a");
    Files.delete(root.resolve("JPEGImages/a.jpg"));
    Files.createDirectory(root.resolve("JPEGImages/a.jpg"));
    list("test", "a\n");
    DataSet set = voc("test");
    assertThat(set.samples()).isEmpty();
    assertThat(set.problems().get(0).reason()).contains("is no file");
  }

  @Test
  void stanford40NamesTheActionAndTheWholeFile() throws IOException {
    Path stanford = temporary.resolve("Stanford40");
    Made.jpeg(stanford.resolve("JPEGImages/riding_001.jpg"));
    Made.text(
        stanford.resolve("XMLAnnotations/riding_001.xml"),
        "<annotation><object><name>person</name><action>riding a horse</action><bndbox>"
            + "<xmax>4</xmax><xmin>2</xmin><ymax>5</ymax><ymin>3</ymin></bndbox></object>"
            + "</annotation>");
    Made.text(stanford.resolve("ImageSplits/riding_test.txt"), "riding_001.jpg\n");
    assertThat(AnnotatedFolder.STANFORD_40.matches(stanford)).isTrue();
    assertThat(AnnotatedFolder.VOC.matches(stanford)).isFalse();
    DataSet set = AnnotatedFolder.STANFORD_40.read(stanford, "riding_test");
    assertThat(set.name()).isEqualTo("Stanford 40");
    assertThat(set.problems()).isEmpty();
    Sample sample = set.samples().get(0);
    assertThat(sample.id()).isEqualTo("riding_001");
    assertThat(sample.labels()).containsExactly("riding a horse");
    assertThat(sample.boxes()).containsExactly(Made.labelled("riding a horse", 1, 2, 4, 5));
  }
}
