package io.sscam.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.nets.RgbImage;
import java.awt.Point;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BufferedImagesTest {
  @TempDir private Path temp;

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_INT_ARGB,
        BufferedImage.TYPE_INT_ARGB_PRE,
        BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_4BYTE_ABGR,
        BufferedImage.TYPE_INT_BGR
      })
  void keepsOpaqueColoursOfAnyKind(int type) {
    BufferedImage image = new BufferedImage(3, 2, type);
    image.setRGB(2, 1, 0xFF_12_80_FE);
    image.setRGB(0, 0, 0xFF_FF_00_01);
    RgbImage picture = BufferedImages.toRgb(image);
    assertThat(picture.width()).isEqualTo(3);
    assertThat(picture.height()).isEqualTo(2);
    assertThat(picture.rgb(2, 1)).isEqualTo(0x1280FE);
    assertThat(picture.rgb(0, 0)).isEqualTo(0xFF0001);
  }

  @Test
  void laysAlphaOverWhite() {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(1, 0, 0x80_00_00_00);
    RgbImage picture = BufferedImages.toRgb(image);
    assertThat(picture.rgb(0, 0)).isEqualTo(0xFFFFFF);
    assertThat(picture.rgb(1, 0)).isEqualTo(0x7F7F7F);
  }

  /** Java2D's own conversion would push grey through a gamma curve. */
  @ParameterizedTest
  @ValueSource(ints = {BufferedImage.TYPE_USHORT_GRAY, BufferedImage.TYPE_BYTE_GRAY})
  void equalsTheReaderForGrey(int type) throws IOException {
    BufferedImage image = new BufferedImage(16, 16, type);
    int most = type == BufferedImage.TYPE_BYTE_GRAY ? 255 : 65535;
    for (int i = 0; i < 256; i++) {
      image.getRaster().setSample(i % 16, i / 16, 0, most * i / 255);
    }
    Path file = temp.resolve("grey.png");
    ImageIO.write(image, "png", file.toFile());
    RgbImage picture = BufferedImages.toRgb(image);
    assertThat(picture).isEqualTo(ImageReader.read(file).image());
    assertThat(picture.rgb(1, 7)).isEqualTo(0x717171);
  }

  @Test
  void readsAPartOfAnotherPicture() {
    BufferedImage image = new BufferedImage(10, 10, BufferedImage.TYPE_3BYTE_BGR);
    image.setRGB(7, 6, 0xABCDEF);
    RgbImage picture = BufferedImages.toRgb(image.getSubimage(5, 5, 4, 3));
    assertThat(picture.width()).isEqualTo(4);
    assertThat(picture.height()).isEqualTo(3);
    assertThat(picture.rgb(2, 1)).isEqualTo(0xABCDEF);
    assertThat(picture.rgb(1, 1)).isZero();
  }

  @Test
  void refusesFloatingPoint() {
    ColorSpace grey = ColorSpace.getInstance(ColorSpace.CS_GRAY);
    ComponentColorModel model =
        new ComponentColorModel(grey, false, false, BufferedImage.OPAQUE, DataBuffer.TYPE_FLOAT);
    WritableRaster raster =
        Raster.createWritableRaster(
            new PixelInterleavedSampleModel(DataBuffer.TYPE_FLOAT, 2, 2, 1, 2, new int[] {0}),
            new Point(0, 0));
    assertThatThrownBy(() -> BufferedImages.toRgb(new BufferedImage(model, raster, false, null)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("floating-point");
  }

  @Test
  void goesThereAndBack() {
    byte[] samples = new byte[5 * 7 * 3];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) (i * 37);
    }
    RgbImage picture = RgbImage.wrap(5, 7, samples);
    BufferedImage image = BufferedImages.of(picture);
    assertThat(image.getType()).isEqualTo(BufferedImage.TYPE_INT_RGB);
    assertThat(BufferedImages.toRgb(image)).isEqualTo(picture);
  }
}
