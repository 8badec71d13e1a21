package io.sscam.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataSetsTest {
  @TempDir Path folder;

  private DataSet open() throws DataSetException {
    return DataSets.open(folder.toString(), null);
  }

  private void refused(String... parts) {
    Made.refused(this::open, parts);
    Made.refused(this::open, folder.toString());
  }

  @Test
  void demoIsTheOneInTheJar() throws IOException {
    assertThat(DataSets.open("demo", null).samples()).hasSize(200);
    Made.refused(() -> DataSets.open("demo", "test"), "demo", "no splits");
  }

  @Test
  void vocWithItsUsualSplitOrAnother() throws IOException {
    Made.jpeg(folder.resolve("JPEGImages/a.jpg"));
    Made.text(folder.resolve("Annotations/a.xml"), Made.annotation());
    Made.text(folder.resolve("ImageSets/Main/test.txt"), "a\n");
    Made.text(folder.resolve("ImageSets/Main/val.txt"), "");
    assertThat(open().name()).isEqualTo("PASCAL VOC");
    assertThat(open().split()).isEqualTo("test");
    assertThat(open().samples()).hasSize(1);
    assertThat(DataSets.open(folder.toString(), "val").samples()).isEmpty();
    Made.refused(() -> DataSets.open(folder.toString(), "none"), "no split \"none\"", "test, val");
  }

  @Test
  void stanford40() throws IOException {
    Made.jpeg(folder.resolve("JPEGImages/a.jpg"));
    Files.createDirectories(folder.resolve("XMLAnnotations"));
    Made.text(folder.resolve("ImageSplits/test.txt"), "");
    assertThat(open().name()).isEqualTo("Stanford 40");
  }

  @Test
  void imageNet() throws IOException {
    Made.jpeg(folder.resolve("val/ILSVRC2012_val_00000001.JPEG"));
    Made.text(folder.resolve("val.txt"), "ILSVRC2012_val_00000001.JPEG 3\n");
    assertThat(open().name()).isEqualTo("ILSVRC 2012 validation");
    assertThat(open().samples()).hasSize(1);
    Made.refused(() -> DataSets.open(folder.toString(), "val"), "no splits", "--split");
  }

  @Test
  void aTableByNameOrTheOnlyOneOrTheUsualOne() throws IOException {
    Made.jpeg(folder.resolve("a.jpg"));
    Path table = Made.text(folder.resolve("names.CSV"), "file,class\na.jpg,dog\n");
    assertThat(open().samples()).hasSize(1);
    assertThat(DataSets.open(table.toString(), null).samples()).hasSize(1);
    Made.refused(() -> DataSets.open(table.toString(), "test"), "no splits");
    Made.text(folder.resolve("other.csv"), "file,class\n");
    refused("2 CSV files");
    Made.text(folder.resolve("labels.csv"), "file,class\na.jpg,cat\na.jpg,dog\n");
    assertThat(open().samples().get(0).labels()).containsExactly("cat", "dog");
  }

  @Test
  void aTableThatIsALinkOutOfTheFolderIsRefused(@TempDir Path outside) throws IOException {
    Path table = Made.text(outside.resolve("t.csv"), "file,class\n");
    Files.createSymbolicLink(folder.resolve("labels.csv"), table);
    refused("link");
  }

  @Test
  void anEmptyFolderSaysWhatIsLookedFor() {
    refused("is no data set", "PASCAL VOC", "Stanford 40", "ILSVRC", "CSV");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "no-such-folder", "a\0b", "a\nb", "Demo", "\u001b[2J"})
  void nonsenseIsOneLine(String place) {
    Made.refused(() -> DataSets.open(place, null), "there is no such");
  }

  @Test
  void aPictureIsNoTable() throws IOException {
    Path picture = Made.jpeg(folder.resolve("a.jpg"));
    Made.refused(() -> DataSets.open(picture.toString(), null), "a.jpg", "UTF-8");
    refused("is no data set");
  }

  @Test
  void picturesWithoutAnnotationsAreNoDataSet() throws IOException {
    Made.jpeg(folder.resolve("JPEGImages/a.jpg"));
    refused("is no data set");
  }
}
