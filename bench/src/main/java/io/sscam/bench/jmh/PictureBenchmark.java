package io.sscam.bench.jmh;

import io.sscam.image.ImageLimits;
import io.sscam.image.ImageReadException;
import io.sscam.image.ImageReader;
import io.sscam.nets.Preprocess;
import io.sscam.nets.Resize;
import io.sscam.nets.RgbImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** From a JPEG file's bytes to a net's input. */
public class PictureBenchmark extends Timed {
  private static final String NAME = "photo.jpg";

  /** Width and height of the photo; its content is drawn, not read. */
  @Param({"500x375", "4000x3000"})
  private String photo;

  /** Height and width of the input. */
  @Param("224")
  private int side;

  private byte[] jpeg;
  private RgbImage decoded;

  /** The JPEG in memory, and decoded once. */
  @Setup
  public void draw() throws IOException, ImageReadException {
    int[] extents = Extents.of(photo, 2);
    jpeg = jpeg(extents[0], extents[1]);
    decoded = decode();
  }

  /** The JPEG decoded. */
  @Benchmark
  public RgbImage decode() throws ImageReadException {
    return ImageReader.decode(jpeg, NAME, ImageLimits.DEFAULT).image();
  }

  /** The whole picture resized. */
  @Benchmark
  public RgbImage resize() {
    return Resize.resize(decoded, side, side);
  }

  /** Resized, cropped and normalised as for ImageNet. */
  @Benchmark
  public Preprocess.Result prepare() {
    return Preprocess.apply(decoded, Preprocess.Mode.IMAGENET, side, side);
  }

  /** All of it: the JPEG decoded and prepared. */
  @Benchmark
  public Preprocess.Result decodeAndPrepare() throws ImageReadException {
    return Preprocess.apply(decode(), Preprocess.Mode.IMAGENET, side, side);
  }

  /** Smooth colours with some grain, so that the coefficients are as many as in a photo. */
  static byte[] jpeg(int width, int height) throws IOException {
    SplittableRandom grain = new SplittableRandom(1);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int noise = grain.nextInt(16);
        int r = 120 * x / width + noise;
        int g = 120 * y / height + noise;
        int b = (int) (100 + 100 * Math.sin(x * 0.02) * Math.cos(y * 0.03)) + noise;
        image.setRGB(x, y, r << 16 | g << 8 | b);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (!ImageIO.write(image, "jpeg", out)) {
      throw new IOException("this Java writes no JPEG");
    }
    return out.toByteArray();
  }
}
