package io.sscam.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.nets.Box;
import io.sscam.nets.ClassNames;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every layout from a folder to samples; what cannot be used is named. */
class DataSetsTest {
  @TempDir private Path temp;

  private static void picture(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    BufferedImage image = new BufferedImage(30, 20, BufferedImage.TYPE_INT_RGB);
    ImageIO.write(image, file.toString().endsWith(".png") ? "png" : "jpg", file.toFile());
  }

  private static void annotation(Path file, String field, String... names) throws IOException {
    StringBuilder text = new StringBuilder("<annotation>");
    for (String name : names) {
      text.append("<object><name>person</name><%s>%s</%s>".formatted(field, name, field))
          .append("<bndbox><xmin>1</xmin><ymin>1</ymin><xmax>10</xmax><ymax>5</ymax></bndbox>")
          .append("</object>");
    }
    Files.createDirectories(file.getParent());
    String plain = text.append("</annotation>").toString();
    Files.writeString(
        file, field.equals("name") ? plain.replace("<name>person</name>", "") : plain);
  }

  private static void text(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void pascalVoc() throws IOException {
    for (String id : List.of("000002", "000001", "000003")) {
      picture(temp.resolve("JPEGImages/" + id + ".jpg"));
    }
    annotation(temp.resolve("Annotations/000001.xml"), "name", "dog", "dog", "cat");
    annotation(temp.resolve("Annotations/000002.xml"), "name", "cat");
    text(temp.resolve("Annotations/000003.xml"), "<annotation>");
    text(
        temp.resolve("ImageSets/Main/test.txt"),
        "000002\n000001\n000003\n000004\n../../secret\n\n000001\n");
    text(temp.resolve("ImageSets/Main/dog_test.txt"), "000001  1\n000002 -1\n");
    DataSet set = DataSets.open(temp.toString(), null);
    assertThat(set.name()).isEqualTo("PASCAL VOC");
    assertThat(set.split()).isEqualTo("test");
    assertThat(set.samples()).extracting(Sample::id).containsExactly("000001", "000002");
    Sample first = set.samples().get(0);
    assertThat(first.labels()).containsExactly("dog", "cat");
    assertThat(first.boxes()).hasSize(3).contains(new LabelledBox("cat", new Box(0, 0, 10, 5)));
    assertThat(first.picture().read().width()).isEqualTo(30);
    assertThat(set.problems().toString())
        .contains("000003.xml", "000004.jpg", "leads out of", "is named twice");
    assertThat(set.problems()).hasSize(4);
    assertThat(DataSets.open(temp.toString(), "dog_test").samples())
        .extracting(Sample::id)
        .containsExactly("000001");
    assertThatThrownBy(() -> DataSets.open(temp.toString(), "val"))
        .hasMessageContaining("no split \"val\"")
        .hasMessageContaining("dog_test, test");
    assertThatThrownBy(() -> DataSets.open(temp.toString(), "../../x"))
        .isInstanceOf(DataSetException.class)
        .hasMessageContaining("leads out of");
  }

  @Test
  void stanford40() throws IOException {
    picture(temp.resolve("JPEGImages/applauding_001.jpg"));
    annotation(temp.resolve("XMLAnnotations/applauding_001.xml"), "action", "applauding");
    text(temp.resolve("ImageSplits/applauding_test.txt"), "applauding_001.jpg\n");
    DataSet set = DataSets.open(temp.toString(), "applauding_test");
    assertThat(set.name()).isEqualTo("Stanford 40");
    assertThat(set.samples().get(0).boxes())
        .containsExactly(new LabelledBox("applauding", new Box(0, 0, 10, 5)));
  }

  @Test
  void imageNetByValTxt() throws IOException {
    String first = "ILSVRC2012_val_00000001";
    picture(temp.resolve("val/" + first + ".JPEG"));
    annotation(temp.resolve("Annotations/" + first + ".xml"), "name", "n01751748");
    text(temp.resolve("val.txt"), first + ".JPEG 65\nx 1\n" + first.replace('1', '2') + " 7\n");
    DataSet set = DataSets.open(temp.toString(), null);
    assertThat(set.samples()).hasSize(1);
    assertThat(set.samples().get(0).labels()).containsExactly("65");
    assertThat(set.samples().get(0).boxes())
        .containsExactly(new LabelledBox("65", new Box(0, 0, 10, 5)));
    assertThat(set.problems()).hasSize(2);
  }

  @Test
  void imageNetByKagglesSolution() throws IOException {
    StringBuilder rows = new StringBuilder("ImageId,PredictionString\n");
    for (int i = 1; i <= 1000; i++) {
      // the WordNet ids in falling order: the first picture is of the last class
      rows.append("ILSVRC2012_val_%08d,n%08d 3 4 10 20 \n".formatted(i, 2000 - i));
    }
    String first = "ILSVRC2012_val_00000001";
    picture(temp.resolve(first + ".JPEG"));
    text(temp.resolve("LOC_val_solution.csv"), rows.toString().replace(" \n", "\n"));
    DataSet set = DataSets.open(temp.toString(), null);
    assertThat(set.samples()).hasSize(1);
    assertThat(set.samples().get(0).boxes())
        .containsExactly(new LabelledBox("999", new Box(2, 3, 10, 20)));
    assertThat(set.problems()).hasSize(999);
    text(temp.resolve("LOC_val_solution.csv"), rows.substring(0, 500));
    assertThatThrownBy(() -> DataSets.open(temp.toString(), null))
        .hasMessageContaining("only if all 1000 are there");
  }

  @Test
  void aFolderWithACsvFile() throws IOException {
    picture(temp.resolve("in/a, b.png"));
    picture(temp.resolve("outside.png"));
    Files.createSymbolicLink(temp.resolve("in/link.png"), temp.resolve("outside.png"));
    text(
        temp.resolve("in/labels.csv"),
        """
        \uFEFFClass,File,xmin,ymin,xmax,ymax
        dog,"a, b.png",1,2,3.5,4
        cat,"a, b.png",,,,
        dog,gone.png,,,,
        dog,../outside.png,,,,
        dog,link.png,,,,
        dog,/etc/passwd,,,,
        dog,"a, b.png",9,2,3,4
        dog,"a, b.png",x,2,3,4
        dog
        dog,"a.png,,,,
        """);
    DataSet set = DataSets.open(temp.resolve("in").toString(), null);
    assertThat(set.samples()).hasSize(1);
    assertThat(set.samples().get(0).labels()).containsExactly("dog", "cat");
    assertThat(set.samples().get(0).boxes())
        .containsExactly(new LabelledBox("dog", new Box(1, 2, 3.5, 4)));
    assertThat(set.problems()).hasSize(8);
    assertThat(set.problems().toString())
        .contains("gone.png", "leads out of", "is a link out of", "line 8", "inside out")
        .contains("\"x\" is no edge", "has 1 fields, not 6", "a quote is not closed");
  }

  @ParameterizedTest
  @CsvSource({"'file\na.png', class", "'name,class\na,b', file", "'', is empty"})
  void aCsvFileNeedsItsColumns(String content, String words) throws IOException {
    text(temp.resolve("labels.csv"), content);
    assertThatThrownBy(() -> DataSets.open(temp.resolve("labels.csv").toString(), null))
        .isInstanceOf(DataSetException.class)
        .hasMessageContaining(words);
  }

  @Test
  void aFolderOfNothingSaysWhatWasLookedFor() throws IOException {
    assertThatThrownBy(() -> DataSets.open(temp.toString(), null))
        .hasMessageContaining("JPEGImages")
        .hasMessageContaining("CSV");
    text(temp.resolve("a.csv"), "file,class\n");
    text(temp.resolve("b.csv"), "file,class\n");
    assertThatThrownBy(() -> DataSets.open(temp.toString(), null))
        .hasMessageContaining("2 CSV files");
  }

  @Test
  void theDemoSetLiesInTheJar() throws IOException {
    DataSet set = DataSets.open("demo", null);
    assertThat(set.samples()).hasSize(200).allMatch(sample -> sample.boxes().size() == 1);
    assertThat(set.problems()).isEmpty();
    assertThat(set.samples().get(7).picture().read().width()).isEqualTo(224);
  }

  @Test
  void selectionsAreTheSameEverywhere() throws IOException {
    DataSet set = DataSets.open("demo", null);
    List<Sample> drawn = Selection.of(set, 50, 3L);
    assertThat(drawn).hasSize(50).isEqualTo(Selection.of(set, 50, 3L));
    assertThat(drawn).isNotEqualTo(Selection.of(set, 50, 4L));
    assertThat(Selection.of(set, null, 3L).subList(0, 50)).isEqualTo(drawn);
    assertThat(Selection.of(set, null, null)).isEqualTo(set.samples());
    Set<Sample> parts = new HashSet<>();
    int sum = 0;
    for (int i = 1; i <= 3; i++) {
      List<Sample> part = Selection.shard(drawn, i, 3);
      sum += part.size();
      parts.addAll(part);
    }
    assertThat(sum).isEqualTo(50);
    assertThat(parts).containsExactlyInAnyOrderElementsOf(drawn);
    assertThat(Selection.digest(drawn)).matches("[0-9a-f]{64}");
    assertThat(Selection.digest(drawn)).isNotEqualTo(Selection.digest(drawn.subList(0, 49)));
  }

  @Test
  void labelMaps() throws IOException {
    LabelMap own = LabelMap.identity(ClassNames.of(List.of("ant", "red dog")));
    assertThat(own.classes("ant")).containsExactly(0);
    assertThat(own.classes("1")).containsExactly(1);
    assertThat(own.classes("2")).isEmpty();
    assertThat(own.classes("whale")).isEmpty();
    text(temp.resolve("map.json"), "{\"dog\": [1, 0], \"person\": []}");
    LabelMap map = LabelMap.read(temp.resolve("map.json"), 2);
    assertThat(map.classes("dog")).containsExactly(1, 0);
    assertThat(map.classes("person")).isEmpty();
    assertThat(map.classes("ant")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1]                     | no JSON object",
        "{\"a\": 1}              | \"a\" is no list",
        "{\"a\": [2]}            | from 0 to 1",
        "{\"a\": [-1]}           | from 0 to 1",
        "{\"a\": [1.5]}          | from 0 to 1",
        "{\"a\": [\"1\"]}        | from 0 to 1",
        "{\"a\": [1], \"a\": []} | Duplicate",
        "{\"a\": [1]} {}         | no valid JSON",
        "{\"a\": [[[[[[1]]]]]]}  | JSON",
        "{\"a\"                  | no valid JSON"
      })
  void brokenLabelMapsGiveOneLine(String json, String words) throws IOException {
    Path file = Files.writeString(temp.resolve("map.json"), json);
    assertThatThrownBy(() -> LabelMap.read(file, 2))
        .isInstanceOf(DataSetException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(words)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void picturesAreDecodedAheadAndInOrder() throws Exception {
    List<Sample> samples = new ArrayList<>();
    List<String> read = java.util.Collections.synchronizedList(new ArrayList<>());
    Path good = temp.resolve("good.png");
    picture(good);
    for (int i = 0; i < 20; i++) {
      String id = "p" + i;
      boolean broken = i % 5 == 3;
      Sample sample = Folders.sample(id, good, List.of());
      samples.add(
          new Sample(
              id,
              () -> {
                read.add(id);
                if (broken) {
                  throw new IOException("broken " + id);
                }
                return sample.picture().read();
              },
              List.of(),
              List.of()));
    }
    int seen = 0;
    try (SampleStream stream = new SampleStream(samples)) {
      while (stream.hasNext()) {
        SampleStream.Decoded decoded = stream.next();
        assertThat(decoded.sample().id()).isEqualTo("p" + seen);
        if (seen % 5 == 3) {
          assertThat(((SampleStream.Unreadable) decoded).reason()).isEqualTo("broken p" + seen);
        } else {
          assertThat(((SampleStream.Picture) decoded).image().height()).isEqualTo(20);
        }
        seen++;
        assertThat(read.size()).as("pictures in memory").isLessThanOrEqualTo(seen + 4);
      }
    }
    assertThat(seen).isEqualTo(20);
  }

  @Test
  void closingEarlyStopsAndAnErrorArrives() throws Exception {
    Sample failing =
        new Sample(
            "x",
            () -> {
              throw new OutOfMemoryError("of the test");
            },
            List.of(),
            List.of());
    try (SampleStream stream = new SampleStream(List.of(failing, failing))) {
      assertThatThrownBy(stream::next).isInstanceOf(OutOfMemoryError.class);
    }
    long deadline = System.nanoTime() + 5_000_000_000L;
    while (Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("sscam-decode"))) {
      assertThat(System.nanoTime()).as("the decoder ends").isLessThan(deadline);
      Thread.sleep(10);
    }
  }
}
