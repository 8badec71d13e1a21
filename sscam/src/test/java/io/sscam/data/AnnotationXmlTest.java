package io.sscam.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnnotationXmlTest {
  @TempDir Path folder;

  private List<LabelledBox> read(String xml) throws IOException {
    return AnnotationXml.read(Made.text(folder.resolve("a.xml"), xml), "name");
  }

  private void refused(String xml, String... parts) {
    Made.refused(() -> read(xml), parts);
    Made.refused(() -> read(xml), "a.xml");
  }

  @Test
  void noObjectsAreNoBoxes() throws IOException {
    assertThat(read("<annotation/>")).isEmpty();
    assertThat(read("<?xml version=\"1.0\"?>\n<!-- by hand -->\n<annotation></annotation>\n"))
        .isEmpty();
  }

  @Test
  void aByteOrderMarkIsLeftOut() throws IOException {
    String xml = Made.annotation(Made.object("köter", "2", "3", "4", "5"));
    assertThat(read("\uFEFF" + xml)).containsExactly(Made.labelled("köter", 1, 2, 4, 5));
  }

  @Test
  void anotherCodeIsOneLine() throws IOException {
    String xml = Made.annotation(Made.object("köter", "2", "3", "4", "5"));
    for (Charset charset : List.of(StandardCharsets.UTF_16, StandardCharsets.ISO_8859_1)) {
      Path file = Files.write(folder.resolve("a.xml"), xml.getBytes(charset));
      Made.refused(() -> AnnotationXml.read(file, "name"), "a.xml", "UTF-8");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"utf-8", "UTF-16", "ISO-8859-1", "none-such"})
  void whatTheXmlSaysOfItsEncodingDoesNotMatter(String encoding) throws IOException {
    String xml = Made.annotation(Made.object("köter", "2", "3", "4", "5"));
    assertThat(read("<?xml version=\"1.0\" encoding=\"" + encoding + "\"?>" + xml))
        .containsExactly(Made.labelled("köter", 1, 2, 4, 5));
  }

  @Test
  void blanksCommentsAndCdataDoNotMatter() throws IOException {
    assertThat(
            read(
                Made.annotation(
                    Made.object(" <![CDATA[a & b]]> ", "\n 1<!-- ten -->0 ", "2", "12", "3"))))
        .containsExactly(Made.labelled("a & b", 9, 1, 12, 3));
  }

  @Test
  void fractionsOfPixelsAreKept() throws IOException {
    assertThat(read(Made.annotation(Made.object("dog", "1.5", "2.25", "4.5", "3.75"))))
        .containsExactly(Made.labelled("dog", 0.5, 1.25, 4.5, 3.75));
  }

  @Test
  void partsOfAPersonAreNotThePerson() throws IOException {
    String part = "<part><name>head</name>" + Made.box("1", "1", "2", "2") + "</part>";
    String whole = Made.box("5", "6", "7", "8");
    LabelledBox person = Made.labelled("person", 4, 5, 7, 8);
    assertThat(
            read(
                Made.annotation(
                    "<object><name>person</name>" + whole + part + part + "</object>",
                    "<object>" + part + "<name>person</name>" + whole + "</object>")))
        .containsExactly(person, person);
  }

  @Test
  void anObjectBorrowsNothingFromTheOneBefore() {
    refused(
        Made.annotation(
            Made.object("dog", "1", "1", "2", "2"), "<object><name>cat</name></object>"),
        "object 2",
        "<xmin>");
    refused(
        Made.annotation(
            Made.object("dog", "1", "1", "2", "2"),
            "<object>" + Made.box("1", "1", "2", "2") + "</object>"),
        "object 2",
        "<name>");
  }

  @Test
  void theFieldThatNamesTheClassMustBeThere() throws IOException {
    Path file =
        Made.text(
            folder.resolve("a.xml"), Made.annotation(Made.object("person", "1", "1", "2", "2")));
    Made.refused(() -> AnnotationXml.read(file, "action"), "object 1", "<action>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a&#10;b", "a\tb"})
  void aNameIsOneLine(String name) {
    refused(Made.annotation(Made.object(name, "1", "1", "2", "2")), "object 1", "<name>");
  }

  @Test
  void aNameIsNotEndless() throws IOException {
    assertThat(read(Made.annotation(Made.object("n".repeat(200), "1", "1", "2", "2")))).hasSize(1);
    refused(Made.annotation(Made.object("n".repeat(201), "1", "1", "2", "2")), "<name>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "NaN",
        "Infinity",
        "-Infinity",
        "1e300",
        "1048577",
        "ten",
        "1,5",
        "1 2",
        "--1"
      })
  void whatIsNoNumberIsNoPixel(String value) {
    refused(Made.annotation(Made.object("dog", value, "1", "2", "2")), "object 1", "<xmin>");
    refused(Made.annotation(Made.object("dog", "1", value, "2", "2")), "object 1", "<ymin>");
    refused(Made.annotation(Made.object("dog", "1", "1", value, "2")), "object 1", "<xmax>");
    refused(Made.annotation(Made.object("dog", "1", "1", "2", value)), "object 1", "<ymax>");
  }

  @Test
  void aMessageShowsNoLongOrBrokenValue() {
    refused(Made.annotation(Made.object("dog", "9".repeat(100_000), "1", "2", "2")), "<xmin>");
    refused(Made.annotation(Made.object("dog", "1\n2", "1", "2", "2")), "<xmin>");
  }

  @ParameterizedTest
  @CsvSource({"5,1,4,9", "1,5,9,4", "5,1,3,9", "9,9,1,1"})
  void aBoxInsideOutIsRefused(String xmin, String ymin, String xmax, String ymax) {
    refused(
        Made.annotation(
            Made.object("cat", "1", "1", "1", "1"), Made.object("dog", xmin, ymin, xmax, ymax)),
        "object 2 (dog)",
        "inside out");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html><annotation/></html>",
        "<x:notes xmlns:x='urn:x'/>",
        "<object><annotation/></object>"
      })
  void anotherRootIsRefused(String xml) {
    refused(xml, "not an <annotation>");
  }

  @Test
  void aMissingFileAndAFolderAreOneLine() {
    Made.refused(() -> AnnotationXml.read(folder.resolve("none.xml"), "name"), "no such file");
    Made.refused(() -> AnnotationXml.read(folder, "name"), folder.toString());
  }
}
