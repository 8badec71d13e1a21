package io.sscam.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.file.AtomicFile;
import io.sscam.nets.RgbImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WritersTest {
  @ParameterizedTest
  @CsvSource({"1, 1", "37, 26", "1, 500", "700, 300"})
  void aPngIsReadBackToTheByte(int width, int height, @TempDir Path folder) throws IOException {
    byte[] samples = new byte[width * height * 3];
    new Random(7).nextBytes(samples);
    RgbImage image = RgbImage.wrap(width, height, samples);
    Path file = folder.resolve("a.png");
    PngWriter.write(file, image, Map.of("Software", "sscam-engine \u03c3"));
    assertThat(ImageReader.read(file).image()).isEqualTo(image); // checks the CRCs too
    assertThat(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
        .contains("iTXtSoftware\0\0\0\0\0sscam-engine \u03c3");
  }

  @Test
  void aPhotoPacksWell(@TempDir Path folder) throws IOException {
    RgbImage photo = TestFiles.decode("rgb.png");
    Path file = folder.resolve("a.png");
    PngWriter.write(file, photo);
    assertThat(Files.size(file)).isLessThan(1000); // of 2886
  }

  @Test
  void npyIsNumPysFormat(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("a.npy");
    NpyWriter.write(file, new HostTensor(Shape.of(2, 3), new float[] {0, 1, 2, 3, 4, 5.5f}));
    byte[] bytes = Files.readAllBytes(file);
    String header = new String(bytes, 0, 128, StandardCharsets.ISO_8859_1);
    assertThat(header)
        .startsWith("\u0093NUMPY\u0001\0v\0{'descr': '<f4', 'fortran_order': False, ")
        .contains("'shape': (2, 3), }")
        .endsWith(" \n");
    ByteBuffer data = ByteBuffer.wrap(bytes, 128, 24).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes).hasSize(152);
    assertThat(data.getFloat(128 + 20)).isEqualTo(5.5f);
  }

  @Test
  void npyTuplesOfRankOneAndNought(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("a.npy");
    NpyWriter.write(file, new HostTensor(Shape.of(3), new float[3]));
    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).contains("'shape': (3,), }");
    NpyWriter.write(file, new HostTensor(Shape.of(), new float[1]));
    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).contains("'shape': (), }");
  }

  @Test
  void aFailureLeavesTheOldFileAndNothingElse(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("a.txt");
    Files.writeString(file, "old");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(new byte[100_000]);
                      throw new IOException("disk full");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": cannot be written (disk full); check the disk");
    assertThat(file).hasContent("old");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void foldersThatAreNotThereAreNamed(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("none").resolve("a.txt");
    assertThatThrownBy(() -> AtomicFile.write(file, out -> out.write(1)))
        .hasMessage(file + ": its folder does not exist; create it");
    assertThatThrownBy(() -> AtomicFile.write(folder, out -> out.write(1)))
        .hasMessage(folder + ": is a folder; choose another name");
  }
}
