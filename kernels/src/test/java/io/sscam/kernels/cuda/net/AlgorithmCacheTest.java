package io.sscam.kernels.cuda.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AlgorithmCacheTest {
  private static final ConvWay FUSED = new ConvWay(1, true, true);
  private static final ConvWay COPIED = new ConvWay(6, false, false).withDefaultMath();

  @TempDir Path folder;

  private AlgorithmCache open() {
    return AlgorithmCache.open(folder.resolve("made/when/needed"), "NVIDIA H200 (x)", 91002);
  }

  @Test
  void choicesSurvive() {
    AlgorithmCache cache = open();
    cache.put("a ×", FUSED);
    cache.put("b", COPIED);
    assertThat(open().find("b")).isEmpty();
    cache.save();
    assertThat(open().find("a ×")).contains(FUSED);
    assertThat(open().find("b")).contains(COPIED);
    assertThat(open().find("c")).isEmpty();
  }

  @Test
  void everyGpuAndLibraryHasItsOwnFile() {
    List<Path> files =
        Stream.of(
                AlgorithmCache.open(folder, "NVIDIA H200", 91002),
                AlgorithmCache.open(folder, "NVIDIA H100", 91002),
                AlgorithmCache.open(folder, "NVIDIA H200", 91100))
            .map(AlgorithmCache::file)
            .toList();
    assertThat(files).doesNotHaveDuplicates().allMatch(file -> folder.equals(file.getParent()));
    assertThat(files.get(0).getFileName()).hasToString("cudnn-91002-nvidia-h200.txt");
  }

  @Test
  void whatOthersWroteMeanwhileIsKept() {
    AlgorithmCache one = open();
    AlgorithmCache other = open();
    one.put("one", FUSED);
    other.put("other", COPIED);
    one.save();
    other.save();
    assertThat(open().find("one")).contains(FUSED);
    assertThat(open().find("other")).contains(COPIED);
  }

  @Test
  void whatIsDroppedStaysDropped() {
    AlgorithmCache cache = open();
    cache.put("a", FUSED);
    cache.save();
    AlgorithmCache again = open();
    again.remove("a");
    again.save();
    assertThat(open().find("a")).isEmpty();
  }

  static List<byte[]> rubbish() {
    String title = "sscam-engine: fastest convolutions, version 1\n";
    return Stream.of(
            "",
            "\n\n",
            "another program's file\na = 1 fused direct\n",
            "sscam-engine: fastest convolutions, version 2\na = 1 fused direct\n",
            title + "a = 9 fused direct\n",
            title + "a = 1 fused\na = \na\n = 1 fused direct\n",
            title + "a = 1 fused direct and more\n",
            title.strip() + "\0\na = 1 fused direct",
            "\377\376\200")
        .map(text -> text.getBytes(StandardCharsets.ISO_8859_1))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("rubbish")
  void otherContentIsNoneAndIsReplaced(byte[] content) throws IOException {
    Path file = open().file();
    Files.createDirectories(file.getParent());
    Files.write(file, content);
    AlgorithmCache cache = open();
    assertThat(cache.find("a")).isEmpty();
    cache.put("b", FUSED);
    cache.save();
    assertThat(open().find("b")).contains(FUSED);
    assertThat(open().find("a")).isEmpty();
    try (Stream<Path> left = Files.list(file.getParent())) {
      assertThat(left).containsExactly(file);
    }
  }

  /** A folder in the file's place can be neither read nor replaced. */
  @Test
  void aFileThatCannotBeWrittenIsNoError() throws IOException {
    Path file = open().file();
    Files.createDirectories(file.resolve("occupied"));
    AlgorithmCache cache = open();
    cache.put("a", FUSED);
    cache.save();
    assertThat(cache.find("a")).contains(FUSED);
    try (Stream<Path> left = Files.list(file.getParent())) {
      assertThat(left).containsExactly(file);
    }
  }

  /** A file where the folder should be. */
  @Test
  void aFolderThatCannotBeMadeIsNoError() throws IOException {
    Files.writeString(folder.resolve("made"), "a file");
    AlgorithmCache cache = open();
    cache.put("a", FUSED);
    cache.save();
    assertThat(cache.find("a")).contains(FUSED);
  }
}
