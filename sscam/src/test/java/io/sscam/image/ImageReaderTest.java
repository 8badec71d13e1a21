package io.sscam.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.nets.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImageReaderTest {

  static List<String> expected() {
    return TestFiles.expected();
  }

  /** CMYK rounds each product once more in Pillow; everything else is equal to the byte. */
  @ParameterizedTest
  @MethodSource("expected")
  void readsWhatPillowReads(String line) throws ImageReadException {
    String[] parts = line.split(",", -1);
    RgbImage image = TestFiles.decode(parts[0]);
    assertThat(image.width() + "×" + image.height()).isEqualTo(parts[1] + "×" + parts[2]);
    assertThat(TestFiles.crc(image)).isEqualTo(parts[3]);
  }

  @Test
  void saysWhatTheFileWas() throws ImageReadException {
    assertThat(info("exif-6.jpg")).isEqualTo(new ImageInfo("JPEG", 37, 26, 6, "RGB 8-bit"));
    assertThat(info("grey-16.png")).isEqualTo(new ImageInfo("PNG", 37, 26, 1, "grey 16-bit"));
    assertThat(info("ycck-adobe.jpg").colour()).isEqualTo("YCCK 8-bit");
    assertThat(info("rgba.png").colour()).isEqualTo("RGB with alpha 8-bit");
    assertThat(info("palette.gif").colour()).isEqualTo("palette");
    assertThat(info("turned.tif").orientation()).isEqualTo(8);
  }

  private static ImageInfo info(String resource) throws ImageReadException {
    return ImageReader.decode(TestFiles.resource(resource), resource, ImageLimits.DEFAULT).info();
  }

  @Test
  void greyIsRaw() throws ImageReadException {
    RgbImage fromPng = TestFiles.decode("grey.png");
    RgbImage fromTiff = TestFiles.decode("grey.tif");
    assertThat(fromPng).isEqualTo(fromTiff);
    for (int x = 0; x < fromPng.width(); x++) {
      int rgb = fromPng.rgb(x, 3);
      assertThat(rgb).isEqualTo((rgb & 255) * 0x010101);
    }
  }

  @Test
  void readsAFileByContentNotByName(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("photo.png");
    Files.write(file, TestFiles.resource("baseline-420.jpg"));
    assertThat(ImageReader.read(file).info().format()).isEqualTo("JPEG");
    assertThat(ImageReader.read(file).image()).isEqualTo(TestFiles.decode("baseline-420.jpg"));
  }
}
