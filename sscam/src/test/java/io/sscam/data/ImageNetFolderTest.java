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

class ImageNetFolderTest {
  @TempDir Path temporary;
  private Path root;

  @BeforeEach
  void folders() throws IOException {
    root = Files.createDirectory(temporary.resolve("ILSVRC2012"));
  }

  private static String id(int number) {
    return "ILSVRC2012_val_%08d".formatted(number);
  }

  private static String synset(int number) {
    return "n%08d".formatted(1_440_764 + 7 * number);
  }

  private void photo(String folder, int number) throws IOException {
    Made.jpeg(root.resolve(folder).resolve(id(number) + ".JPEG"));
  }

  private void list(String text) throws IOException {
    Made.text(root.resolve("val.txt"), text);
  }

  /** Kaggle's list: picture number i+1 shows class i, the lines not in order. */
  private static StringBuilder solution(int classes) {
    StringBuilder text = new StringBuilder("ImageId,PredictionString\n");
    for (int i = classes - 1; i >= 0; i--) {
      text.append(id(i + 1)).append(',').append(synset(i)).append(" 1 2 3 4 \n");
    }
    return text;
  }

  private void solution(CharSequence text) throws IOException {
    Made.text(root.resolve("LOC_val_solution.csv"), text.toString());
  }

  private DataSet read() throws DataSetException {
    return ImageNetFolder.read(root);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "val", "images", "JPEGImages"})
  void caffesListNamesClassesByIndex(String folder) throws IOException {
    photo(folder, 1);
    photo(folder, 2);
    list(id(2) + ".JPEG 0\n\n" + id(1) + ".JPEG 999\n");
    DataSet set = read();
    assertThat(set.name()).isEqualTo("ILSVRC 2012 validation");
    assertThat(set.problems()).isEmpty();
    assertThat(Made.ids(set.samples())).containsExactly(id(1), id(2));
    assertThat(set.samples().get(0).labels()).containsExactly("999");
    assertThat(set.samples().get(0).boxes()).isEmpty();
    assertThat(set.samples().get(1).labels()).containsExactly("0");
    assertThat(set.samples().get(1).picture().read().width()).isEqualTo(8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"val", "bbox", "Annotations", "Annotations/CLS-LOC/val", "bbox/val"})
  void boxesOfXmlGetTheLabelOfTheList(String folder) throws IOException {
    photo("images", 1);
    list(id(1) + ".JPEG 65\n");
    Made.text(
        root.resolve(folder).resolve(id(1) + ".xml"),
        Made.annotation(Made.object("n01751748", "2", "3", "4", "5")));
    Sample sample = read().samples().get(0);
    assertThat(sample.labels()).containsExactly("65");
    assertThat(sample.boxes()).containsExactly(Made.labelled("65", 1, 2, 4, 5));
  }

  @Test
  void brokenXmlIsAProblem() throws IOException {
    photo("", 1);
    list(id(1) + ".JPEG 65\n");
    Made.text(root.resolve("bbox").resolve(id(1) + ".xml"), "<annotation>");
    DataSet set = read();
    assertThat(set.samples()).isEmpty();
    assertThat(set.problems()).hasSize(1);
    assertThat(set.problems().get(0).id()).isEqualTo(id(1));
    assertThat(set.problems().get(0).reason()).contains("bbox", "well-formed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ILSVRC2012_val_00000002.JPEG",
        "ILSVRC2012_val_00000002.JPEG 1000",
        "ILSVRC2012_val_00000002.JPEG -1",
        "ILSVRC2012_val_00000002.JPEG 1 2",
        "ILSVRC2012_val_00000002.JPEG one",
        "ILSVRC2012_val_00000002.JPEG ١",
        "../ILSVRC2012_val_00000002.JPEG 1",
        "/ILSVRC2012_val_00000002.JPEG 1",
        "ILSVRC2012_val_2.JPEG 1",
        "ILSVRC2012_test_00000002.JPEG 1"
      })
  void badLinesOfTheListAreProblems(String line) throws IOException {
    photo("", 1);
    photo("", 2);
    list(id(1) + ".JPEG 65\n" + line + "\n");
    DataSet set = read();
    assertThat(Made.ids(set.samples())).containsExactly(id(1));
    assertThat(set.problems()).extracting(Problem::id).containsExactly("val.txt line 2");
  }

  @Test
  void aPictureNamedTwiceKeepsItsFirstClass() throws IOException {
    photo("", 1);
    list(id(1) + ".JPEG 65\n" + id(1) + ".JPEG 66\n");
    DataSet set = read();
    assertThat(set.samples()).hasSize(1);
    assertThat(set.samples().get(0).labels()).containsExactly("65");
    assertThat(set.problems())
        .containsExactly(new Problem("val.txt line 2", "names " + id(1) + " again"));
  }

  @Test
  void aPartOfThePicturesWillDo() throws IOException {
    photo("val", 2);
    list(id(1) + ".JPEG 65\n" + id(2) + ".JPEG 66\n");
    DataSet set = read();
    assertThat(Made.ids(set.samples())).containsExactly(id(2));
    assertThat(set.problems())
        .containsExactly(new Problem(id(1), "there is no picture " + id(1) + ".JPEG"));
  }

  @Test
  void withoutAnyPictureItIsOneLine() throws IOException {
    list(id(1) + ".JPEG 65\n");
    Made.refused(this::read, root.toString(), "val, images or JPEGImages");
  }

  @Test
  void noLinkLeadsOut() throws IOException {
    photo("", 1);
    Path outside = Made.jpeg(temporary.resolve("outside.jpg"));
    Files.createSymbolicLink(root.resolve(id(2) + ".JPEG"), outside);
    list(id(1) + ".JPEG 65\n" + id(2) + ".JPEG 66\n");
    Path xml = Made.text(temporary.resolve("outside.xml"), Made.annotation());
    Files.createDirectory(root.resolve("bbox"));
    Files.createSymbolicLink(root.resolve("bbox").resolve(id(1) + ".xml"), xml);
    DataSet set = read();
    assertThat(set.samples()).isEmpty();
    assertThat(set.problems()).hasSize(2).allSatisfy(p -> assertThat(p.reason()).contains("link"));
    Files.move(root.resolve("val.txt"), temporary.resolve("val.txt"));
    Files.createSymbolicLink(root.resolve("val.txt"), temporary.resolve("val.txt"));
    Made.refused(this::read, "link");
  }

  @Test
  void kagglesListOrdersItsThousandSynsets() throws IOException {
    photo("", 1);
    photo("", 2);
    photo("", 1000);
    solution(
        solution(1000)
            .append(id(1001))
            .append(',')
            .append((synset(4) + " 1 1 8 6 ").repeat(2))
            .append('\n'));
    photo("", 1001);
    DataSet set = read();
    assertThat(Made.ids(set.samples())).containsExactly(id(1), id(2), id(1000), id(1001));
    assertThat(set.samples())
        .extracting(s -> s.labels().get(0))
        .containsExactly("0", "1", "999", "4");
    assertThat(set.samples().get(1).boxes()).containsExactly(Made.labelled("1", 0, 1, 3, 4));
    assertThat(set.samples().get(3).boxes())
        .containsExactly(Made.labelled("4", 0, 0, 8, 6), Made.labelled("4", 0, 0, 8, 6));
    assertThat(set.problems()).hasSize(997); // the pictures that are not there
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 999, 1001})
  void anotherNumberOfSynsetsIsOneLine(int classes) throws IOException {
    photo("", 1);
    solution(solution(classes));
    Made.refused(this::read, "LOC_val_solution.csv", "names " + classes + " classes");
  }

  @Test
  void anEmptyKaggleListIsOneLine() throws IOException {
    photo("", 1);
    solution("");
    Made.refused(this::read, "names 0 classes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ILSVRC2012_val_00000001",
        "ILSVRC2012_val_00000001,",
        "ILSVRC2012_val_00000001,n01440764 1 2 3",
        "ILSVRC2012_val_00000001,n01440764 1 2 3 4 5",
        "ILSVRC2012_val_00000001,tench 1 2 3 4",
        "ILSVRC2012_val_00000001,n01440764 1 2 3 4 n01440771 1 2 3 4",
        "ILSVRC2012_val_00000001,n01440764 1 2 3 4,5",
        "ILSVRC2012_val_00000001,\"n01440764 1 2 3 4",
        "../../secret,n01440764 1 2 3 4",
        "ILSVRC2012_val_00000001,n01440764 1 2 3 NaN",
        "ILSVRC2012_val_00000001,n01440764 9 2 3 4",
        "ILSVRC2012_val_00000001,n01440764 1 2 3 99999999",
        "ILSVRC2012_val_00000001,n01440764 -2147483648 2 3 4",
        "ILSVRC2012_val_00000001,n01440764 4 2 3 4"
      })
  void badLinesOfKagglesListAreProblems(String line) throws IOException {
    photo("", 2);
    String good = solution(1000).toString();
    // class 0 is still named, by another picture
    String first = id(1) + "," + synset(0) + " 1 2 3 4 \n";
    solution(good.replace(first, line + "\n" + id(2000) + "," + synset(0) + " 1 2 3 4\n\n"));
    DataSet set = read();
    assertThat(Made.ids(set.samples())).containsExactly(id(2));
    assertThat(set.samples().get(0).labels()).containsExactly("1");
    assertThat(set.problems())
        .extracting(Problem::id)
        .filteredOn(problem -> !problem.startsWith("ILSVRC"))
        .containsExactly("LOC_val_solution.csv line 1001");
    assertThat(set.problems()).hasSize(1000); // the line; 998 of the 1000 that are not there; 2000
  }
}
