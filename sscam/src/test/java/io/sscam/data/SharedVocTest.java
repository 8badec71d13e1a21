package io.sscam.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.SharedFiles;
import io.sscam.nets.RgbImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The 91 photos of the shared collection, none of which are in this repository. */
class SharedVocTest {

  @Test
  void allPicturesAndBoxesAreRead() throws IOException {
    Path root = SharedFiles.require("images/voc");
    DataSet set = DataSets.open(root.toString(), null);
    assertThat(set.problems()).isEmpty();
    assertThat(set.samples()).hasSize(91);
    try (SampleStream stream = new SampleStream(set.samples())) {
      while (stream.hasNext()) {
        SampleStream.Decoded next = stream.next();
        assertThat(next).isInstanceOf(SampleStream.Picture.class);
        RgbImage image = ((SampleStream.Picture) next).image();
        Sample sample = next.sample();
        assertThat(sample.boxes()).as(sample.id()).isNotEmpty();
        for (LabelledBox box : sample.boxes()) {
          assertThat(box.box().x0()).as("%s of %s", box, sample.id()).isNotNegative();
          assertThat(box.box().y0()).as("%s of %s", box, sample.id()).isNotNegative();
          assertThat(box.box().x1())
              .as("%s of %s", box, sample.id())
              .isBetween(1.0, (double) image.width());
          assertThat(box.box().y1())
              .as("%s of %s", box, sample.id())
              .isBetween(1.0, (double) image.height());
        }
      }
    }
    Sample plane = set.samples().get(0);
    assertThat(plane.id()).isEqualTo("2007_000032");
    assertThat(plane.labels()).containsExactly("aeroplane", "person");
    assertThat(plane.boxes().get(0)).isEqualTo(Made.labelled("aeroplane", 103, 77, 375, 183));
  }

  @Test
  void theListOfAClassNamesThePicturesThatShowIt() throws IOException {
    Path root = SharedFiles.require("images/voc");
    DataSet all = DataSets.open(root.toString(), "test");
    for (String name : new String[] {"aeroplane", "dog", "person"}) {
      DataSet some = DataSets.open(root.toString(), name + "_test");
      assertThat(some.problems()).isEmpty();
      assertThat(Made.ids(some.samples()))
          .isNotEmpty()
          .isEqualTo(
              Made.ids(all.samples().stream().filter(s -> s.labels().contains(name)).toList()));
    }
  }

  @Test
  void theLabelMapKnowsEveryClass() throws IOException {
    Path root = SharedFiles.require("images/voc");
    LabelMap map = LabelMap.read(SharedFiles.require("images/voc_to_imagenet.json"), 1000);
    assertThat(map.classes("aeroplane")).containsExactly(404, 895);
    assertThat(map.classes("person")).isEmpty();
    Set<String> labels = new HashSet<>();
    DataSets.open(root.toString(), null).samples().forEach(s -> labels.addAll(s.labels()));
    labels.removeIf(label -> !map.classes(label).isEmpty());
    assertThat(labels).contains("person").hasSizeLessThan(40);
  }

  @Test
  void theFolderWithATableIsRead() throws IOException {
    DataSet set = DataSets.open(SharedFiles.require("images/classify").toString(), null);
    assertThat(set.samples()).hasSize(40);
    assertThat(set.problems()).isEmpty();
    assertThat(set.samples())
        .allSatisfy(s -> assertThat(s.id()).startsWith(s.labels().get(0) + "_"));
  }
}
