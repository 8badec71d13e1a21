package io.sscam.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.nets.Box;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnnotationXmlTest {
  private static final String GOOD =
      """
      <annotation><filename>a.jpg</filename><object><name>dog</name><action>riding</action>
        <part><name>head</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></part>
        <bndbox><xmax>20</xmax><xmin>11</xmin><ymin>5</ymin><ymax>8.5</ymax></bndbox></object>
      </annotation>
      """;

  @TempDir private Path temp;

  private Path file(String text) throws IOException {
    return Files.writeString(temp.resolve("a.xml"), text);
  }

  /** Pixels count from 1 and the last one is inside: 11 … 20 are the edges 10 and 20. */
  @Test
  void boxesHaveRealEdges() throws IOException {
    assertThat(AnnotationXml.read(file(GOOD), "name"))
        .containsExactly(new LabelledBox("dog", new Box(10, 4, 20, 8.5)));
    assertThat(AnnotationXml.read(file(GOOD), "action"))
        .containsExactly(new LabelledBox("riding", new Box(10, 4, 20, 8.5)));
  }

  @ParameterizedTest
  @CsvSource({
    "<xmin>11, <xmin>NaN, xmin",
    "<xmin>11, <xmin>, xmin",
    "<xmin>11, <xmin>1e300, xmin",
    "<xmin>11, <xmin>30, inside out",
    "<name>dog</name>, '', name",
    "</annotation>, '', XML",
    "annotation>, note>, <note>",
    "<annotation>, <annotation>&evil;, XML"
  })
  void oneLineSaysWhatIsWrong(String from, String to, String words) throws IOException {
    Path broken = file(GOOD.replace(from, to));
    assertThatThrownBy(() -> AnnotationXml.read(broken, "name"))
        .isInstanceOf(DataSetException.class)
        .hasMessageStartingWith(broken.toString())
        .hasMessageContaining(words)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void documentTypesAndTheirEntitiesAreRefused() throws IOException {
    Path secret = Files.writeString(temp.resolve("secret"), "treasure");
    String[] heads = {
      "<!DOCTYPE annotation [<!ENTITY e SYSTEM \"%s\">]>".formatted(secret.toUri()),
      "<!DOCTYPE annotation SYSTEM \"http://127.0.0.1:9/x.dtd\">",
      "<!DOCTYPE a [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>"
    };
    for (String head : heads) {
      Path file = file(head + GOOD.replace("dog", head.contains("ENTITY e") ? "&e;" : "dog"));
      assertThatThrownBy(() -> AnnotationXml.read(file, "name"))
          .isInstanceOf(DataSetException.class)
          .hasMessageContaining("document type")
          .message()
          .doesNotContain("treasure");
    }
  }

  @Test
  void depthNumberAndLengthAreLimited() throws IOException {
    String deep = "<annotation>" + "<x>".repeat(100_000);
    String object = GOOD.substring(GOOD.indexOf("<object>"), GOOD.indexOf("</annotation>"));
    String many = "<annotation>" + object.repeat(12_000) + "</annotation>";
    String longFile = "<annotation>" + " ".repeat(5 << 20) + "</annotation>";
    String[] texts = {deep, many.replaceAll("\\s+|<part>.*?</part>", ""), longFile};
    String[] words = {"nested", "objects", "longer"};
    for (int i = 0; i < texts.length; i++) {
      Path file = file(texts[i]);
      assertThatThrownBy(() -> AnnotationXml.read(file, "name"))
          .isInstanceOf(DataSetException.class)
          .hasMessageContaining(words[i]);
    }
  }

  @Test
  void brokenBytesGiveOneLineAndPrintNothing() throws IOException {
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    int broken = 0;
    try {
      for (int seed = 0; seed < 2000; seed++) {
        Random random = new Random(seed);
        byte[] bytes = GOOD.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i <= seed % 4; i++) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        Path file = Files.write(temp.resolve("m.xml"), bytes);
        try {
          AnnotationXml.read(file, "name");
        } catch (DataSetException e) {
          broken++;
          assertThat(e.getMessage()).startsWith(file.toString()).doesNotContain("\n");
        }
      }
    } finally {
      System.setErr(err);
    }
    assertThat(broken).isGreaterThan(1000);
    assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
  }
}
