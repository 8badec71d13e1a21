package io.sscam.image;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageReadParam;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/**
 * Asks the Java platform's own readers, never another that happens to stand on the class path: the
 * same bytes must give the same picture everywhere. Reads from memory, so no cache file is written.
 */
final class JdkDecoder {
  private JdkDecoder() {}

  /** Decodes a JPEG whose size has been checked. */
  static Pixels jpeg(JpegFile jpeg) throws IOException, Unreadable {
    List<String> warnings = new ArrayList<>();
    javax.imageio.ImageReader reader = reader(ImageFormat.JPEG, warnings);
    try (ByteArrayImageInput in = new ByteArrayImageInput(jpeg.clean())) {
      reader.setInput(in, true, true);
      Pixels pixels;
      if (jpeg.components() == 4) {
        // The reader knows no CMYK picture, but hands out the samples as they are stored.
        Raster raster = reader.readRaster(0, new ImageReadParam());
        pixels = Cmyk.toRgb(raster, jpeg.adobe() >= 0, jpeg.adobe() == 2);
      } else {
        pixels = SampleConverter.toRgb(reader.read(0));
      }
      // libjpeg fills what is missing with grey and only warns; a map of that would mislead.
      if (warnings.stream().anyMatch(w -> w.toLowerCase(Locale.ROOT).contains("premature end"))) {
        throw Unreadable.cutOff("JPEG");
      }
      return pixels;
    } finally {
      reader.dispose();
    }
  }

  /** Decodes any other format: its first picture, once its size has been checked. */
  static Pixels other(ImageFormat format, byte[] bytes, ImageLimits limits)
      throws IOException, Unreadable {
    javax.imageio.ImageReader reader = reader(format, new ArrayList<>());
    try (ByteArrayImageInput in = new ByteArrayImageInput(bytes)) {
      reader.setInput(in, true, true);
      ImageReader.checkSize(reader.getWidth(0), reader.getHeight(0), limits, 7);
      BufferedImage image = reader.read(0);
      return SampleConverter.toRgb(image);
    } finally {
      reader.dispose();
    }
  }

  private static javax.imageio.ImageReader reader(ImageFormat format, List<String> warnings)
      throws IOException, Unreadable {
    String home = "com.sun.imageio.plugins." + format.name().toLowerCase(Locale.ROOT) + ".";
    Iterator<ImageReaderSpi> found =
        IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, false);
    while (found.hasNext()) {
      ImageReaderSpi spi = found.next();
      if (spi.getClass().getName().startsWith(home)) {
        javax.imageio.ImageReader reader = spi.createReaderInstance();
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        return reader;
      }
    }
    throw new Unreadable(
        "this Java has no reader for " + format, "use a Java with the java.desktop module");
  }
}
