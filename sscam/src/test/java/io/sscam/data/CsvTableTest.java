package io.sscam.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTableTest {

  private static CsvTable read(String... lines) throws DataSetException {
    return CsvTable.read("t.csv", List.of(lines));
  }

  private static CsvTable.Entry only(CsvTable table) {
    assertThat(table.problems()).isEmpty();
    assertThat(table.entries()).hasSize(1);
    return table.entries().values().iterator().next();
  }

  /** Fails unless nothing but one problem comes of a line. */
  private static void bad(String header, String line, String... parts) throws DataSetException {
    CsvTable table = read(header, line);
    assertThat(table.entries()).isEmpty();
    assertThat(table.problems()).hasSize(1);
    assertThat(table.problems().get(0).id()).isEqualTo("t.csv line 2");
    assertThat(table.problems().get(0).reason()).contains(parts).satisfies(Made::oneLine);
  }

  @Test
  void edgesAreTakenAsTheyAre() throws DataSetException {
    CsvTable.Entry entry = only(read("file,class,xmin,ymin,xmax,ymax", "a.png,dog,0,0,8,6.5"));
    assertThat(entry.labels()).containsExactly("dog");
    assertThat(entry.boxes()).containsExactly(Made.labelled("dog", 0, 0, 8, 6.5));
  }

  @Test
  void columnsAreInAnyOrderAndOthersAreIgnored() throws DataSetException {
    CsvTable.Entry entry =
        only(read("YMAX, xmin,note,Class,ymin,FILE,xmax", "4,1,\"so, so\",dog,2,a.png,3"));
    assertThat(entry.boxes()).containsExactly(Made.labelled("dog", 1, 2, 3, 4));
  }

  @Test
  void aPictureMayHaveSeveralLinesAndBoxlessOnes() throws DataSetException {
    CsvTable table =
        read(
            "file,class,xmin,ymin,xmax,ymax",
            "b.png,dog,0,0,1,1",
            "a.png,cat,,,,",
            "",
            "b.png,cat,1,1,2,2",
            "b.png,dog,2,2,3,3");
    assertThat(table.problems()).isEmpty();
    assertThat(table.entries().keySet()).containsExactly("b.png", "a.png");
    CsvTable.Entry b = Objects.requireNonNull(table.entries().get("b.png"));
    assertThat(b.labels()).containsExactly("dog", "cat");
    assertThat(b.boxes())
        .containsExactly(
            Made.labelled("dog", 0, 0, 1, 1),
            Made.labelled("cat", 1, 1, 2, 2),
            Made.labelled("dog", 2, 2, 3, 3));
    assertThat(Objects.requireNonNull(table.entries().get("a.png")).boxes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"file,class,class_index;7", "class_name,class,file;x", "file,class_name;y"})
  void theIndexIsTheClassBeforeTheName(String header, String label) throws DataSetException {
    String line =
        header
            .replace("class_index", "7")
            .replace("class_name", "y")
            .replace("class", "x")
            .replace("file", "a.png");
    assertThat(only(read(header, line)).labels()).containsExactly(label);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "file", "class", "name,label", "file;class", "file,\"class\nx\""})
  void aHeaderNeedsFileAndClass(String header) {
    Made.refused(() -> read(header, "a.png,dog"), "t.csv", "file and class");
  }

  @Test
  void aHeaderWithAnOpenQuoteOrTooManyColumnsIsOneLine() {
    Made.refused(() -> read("file,\"class", "a.png,dog"), "t.csv", "quote");
    Made.refused(() -> read("file" + ",".repeat(5000)), "t.csv", "fields");
    Made.refused(() -> read("x".repeat(100_000)), "t.csv");
  }

  @Test
  void noLinesAtAll() {
    Made.refused(CsvTableTest::read, "t.csv", "is empty");
  }

  /** Boxes that were silently left out would make a pointing game of nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"xmin", "xmin,ymin,xmax", "ymin,xmax,ymax"})
  void someEdgesButNotAllAreRefused(String edges) {
    Made.refused(() -> read("file,class," + edges), "t.csv", "xmin, ymin, xmax, ymax");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"file,class,FILE", "class,file,class", "file,class,xmin,ymin,xmax,ymax,xmin"})
  void aColumnThatStandsTwiceIsRefused(String header) {
    Made.refused(() -> read(header), "t.csv", "twice");
  }

  @Test
  void wrongNumbersOfFieldsAreProblems() throws DataSetException {
    bad("file,class", "a.png", "1 fields, not 2");
    bad("file,class", "a.png,dog,cat", "3 fields, not 2");
    bad("file,class", "\"a.png,dog", "quote");
    bad("file,class", ",".repeat(100_000), "fields");
  }

  @Test
  void emptyFieldsAreProblems() throws DataSetException {
    bad("file,class", ",dog", "names no file");
    bad("file,class", "a.png,", "names no class");
    bad("file,class", "a.png," + "n".repeat(201), "names no class");
    bad("file,class", "a.png,a\u001b[2Jb", "names no class");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "NaN", "Infinity", "1e9", "ten", "0x"})
  void whatIsNoNumberIsNoEdge(String value) throws DataSetException {
    String header = "file,class,xmin,ymin,xmax,ymax";
    bad(header, "a.png,dog," + value + ",0,1,1", "no edge");
    bad(header, "a.png,dog,0," + value + ",1,1", "no edge");
    bad(header, "a.png,dog,0,0," + value + ",1", "no edge");
    bad(header, "a.png,dog,0,0,1," + value, "no edge");
    bad(header, "a.png,dog,0,0,1," + "9".repeat(5000), "no edge");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2,0,1,1", "0,2,1,1", "1,0,1,1", "0,1,1,1"})
  void aBoxInsideOutOrWithoutPixelsIsAProblem(String edges) throws DataSetException {
    bad("file,class,xmin,ymin,xmax,ymax", "a.png,dog," + edges, "inside out");
  }

  @Test
  void aBadLineDoesNotHarmTheOthers() throws DataSetException {
    CsvTable table = read("file,class", "a.png,dog", "b.png", "c.png,cat");
    assertThat(table.entries().keySet()).containsExactly("a.png", "c.png");
    assertThat(table.problems())
        .containsExactly(new Problem("t.csv line 3", "has 1 fields, not 2"));
  }
}
