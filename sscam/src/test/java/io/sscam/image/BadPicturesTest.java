package io.sscam.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.sscam.nets.RgbImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BadPicturesTest {
  private static final List<String> KINDS =
      List.of(
          "baseline-420.jpg",
          "progressive-444.jpg",
          "cmyk-adobe.jpg",
          "exif-6.jpg",
          "rgba.png",
          "rgb-16.png",
          "palette.png",
          "rgb.bmp",
          "palette.gif",
          "lzw.tif",
          "fax.tif");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "baseline-420.jpg",
        "progressive-444.jpg",
        "grey.jpg",
        "cmyk-adobe.jpg",
        "restart.jpg",
        "rgb.png",
        "grey-16.png",
        "palette.png",
        "rgb.bmp",
        "palette.gif",
        "lzw.tif",
        "fax.tif"
      })
  void aCutFileIsAnErrorOrTheWholePicture(String name) throws ImageReadException {
    byte[] whole = TestFiles.resource(name);
    RgbImage picture = TestFiles.decode(name);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      try {
        RgbImage read = ImageReader.decode(cut, name, ImageLimits.DEFAULT).image();
        // Only what stands behind the last sample may be missing.
        assertThat(read).as("%s cut to %d of %d", name, length, whole.length).isEqualTo(picture);
      } catch (ImageReadException e) {
        assertThat(e).hasMessageStartingWith(name + ": ").message().hasLineCount(1);
      }
    }
  }

  @Property(tries = 3000)
  void anyBytesGiveAPictureOrAnImageReadException(
      @ForAll @IntRange(min = 0, max = 10) int kind,
      @ForAll @IntRange(min = 0, max = 1_000_000) int where,
      @ForAll byte[] noise,
      @ForAll boolean insert) {
    byte[] whole = TestFiles.resource(KINDS.get(kind));
    int at = where % whole.length;
    ByteBuffer bytes = ByteBuffer.allocate(whole.length + noise.length);
    bytes.put(whole, 0, at).put(noise);
    int from = insert ? at : Math.min(whole.length, at + noise.length);
    bytes.put(whole, from, whole.length - from);
    byte[] mutated = Arrays.copyOf(bytes.array(), bytes.position());
    try {
      ImageReader.decode(mutated, "x", new ImageLimits(1_000_000, 1_000_000));
    } catch (ImageReadException e) {
      assertThat(e).message().hasLineCount(1).startsWith("x: ");
    }
  }

  @Test
  void hugeHeadersAreRefusedBeforeAllocation() {
    byte[] png = TestFiles.resource("rgb.png");
    ByteBuffer header = ByteBuffer.wrap(png);
    header.putInt(16, 30_000).putInt(20, 30_000);
    CRC32 crc = new CRC32();
    crc.update(png, 12, 17);
    header.putInt(29, (int) crc.getValue());
    byte[] jpeg = TestFiles.resource("baseline-420.jpg");
    int frame = indexOf(jpeg, 0xFF, 0xC0);
    ByteBuffer.wrap(jpeg).putShort(frame + 5, (short) 30_000).putShort(frame + 7, (short) 30_000);
    for (byte[] bytes : List.of(png, jpeg)) {
      assertThatThrownBy(() -> ImageReader.decode(bytes, "big", ImageLimits.DEFAULT))
          .isInstanceOf(ImageReadException.class)
          .hasMessage(
              "big: 30000×30000 pixels are over the limit of 200 megapixels and 1048576 a side;"
                  + " scale it down");
    }
  }

  private static int indexOf(byte[] bytes, int first, int second) {
    for (int i = 0; i + 1 < bytes.length; i++) {
      if ((bytes[i] & 255) == first && (bytes[i + 1] & 255) == second) {
        return i;
      }
    }
    throw new IllegalArgumentException("not found");
  }

  @Test
  void whatIsNoPictureIsNamed() {
    assertThat(refusal(new byte[0])).isEqualTo("x: is empty (0 bytes); copy or download it again");
    assertThat(refusal(ascii("RIFF....WEBPVP8 ")))
        .isEqualTo("x: WebP is not read; convert it to an 8-bit RGB PNG or JPEG");
    assertThat(refusal(ascii("....ftypheic"))).startsWith("x: HEIC is not read; ");
    assertThat(refusal(ascii("....ftypavif"))).startsWith("x: AVIF is not read; ");
    assertThat(refusal(ascii("%PDF-1.7"))).startsWith("x: is no picture of a known kind ");
    assertThat(refusal(new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF}))
        .isEqualTo("x: the JPEG data is cut off or damaged; copy or download it again");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String refusal(byte[] bytes) {
    try {
      return "read: " + ImageReader.decode(bytes, "x", ImageLimits.DEFAULT);
    } catch (ImageReadException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void filesThatCannotBeOpenedAreNamed(@TempDir Path folder) throws IOException {
    Path missing = folder.resolve("missing.jpg");
    assertThatThrownBy(() -> ImageReader.read(missing))
        .isInstanceOf(ImageReadException.class)
        .hasMessage(missing + ": no such file; check the path");
    assertThatThrownBy(() -> ImageReader.read(folder))
        .hasMessage(folder + ": is a folder; name a picture file");
    Path large = folder.resolve("large.png");
    Files.write(large, TestFiles.resource("rgb.png"));
    assertThatThrownBy(() -> ImageReader.read(large, new ImageLimits(100, 100)))
        .isInstanceOf(ImageReadException.class)
        .hasMessage(large + ": over the limit of 0 MB a file; scale it down");
    Path device = Path.of("/dev/zero");
    if (Files.exists(device)) {
      assertThatThrownBy(() -> ImageReader.read(device)).hasMessageContaining("regular file");
    }
  }

  @Test
  void damagedExifCostsOnlyTheOrientation() throws ImageReadException {
    byte[] bytes = TestFiles.resource("exif-6.jpg");
    int exif = indexOf(bytes, 'E', 'x');
    Arrays.fill(bytes, exif + 14, exif + 26, (byte) 0x7F);
    assertThat(ImageReader.decode(bytes, "x", ImageLimits.DEFAULT).info().orientation())
        .isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {273, 320})
  void aTiffWithOneEntryManyTimesIsRefusedAtOnce(int tag) {
    int entries = 65_535;
    int pixels = 1 << 20;
    ByteBuffer tiff =
        ByteBuffer.allocate(10 + 12 * entries + pixels).order(ByteOrder.LITTLE_ENDIAN);
    tiff.put(new byte[] {'I', 'I', 42, 0}).putInt(8).putShort((short) entries);
    for (int i = 0; i < entries; i++) {
      tiff.putShort((short) tag).putShort((short) 3).putInt(pixels / 2).putInt(10 + 12 * entries);
    }
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () ->
            assertThatThrownBy(() -> ImageReader.decode(tiff.array(), "x", ImageLimits.DEFAULT))
                .isInstanceOf(ImageReadException.class));
  }
}
