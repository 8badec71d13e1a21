package io.sscam.image;

import io.sscam.nets.RgbImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The formats that are read, each known by its first bytes. */
enum ImageFormat {
  JPEG,
  PNG,
  BMP,
  GIF,
  TIFF;

  /** The format of a file's bytes. */
  static ImageFormat of(byte[] bytes) throws Unreadable {
    if (bytes.length == 0) {
      throw new Unreadable("is empty (0 bytes)", Unreadable.FETCH_AGAIN);
    }
    if (starts(bytes, 0, 0xFF, 0xD8, 0xFF)) {
      return JPEG;
    }
    if (starts(bytes, 0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n')) {
      return PNG;
    }
    if (starts(bytes, 0, 'G', 'I', 'F', '8')) {
      return GIF;
    }
    if (starts(bytes, 0, 'I', 'I', 42, 0) || starts(bytes, 0, 'M', 'M', 0, 42)) {
      return TIFF;
    }
    if (starts(bytes, 0, 'B', 'M')) {
      return BMP;
    }
    if (starts(bytes, 0, 'R', 'I', 'F', 'F') && starts(bytes, 8, 'W', 'E', 'B', 'P')) {
      throw new Unreadable("WebP is not read", Unreadable.CONVERT);
    }
    if (starts(bytes, 4, 'f', 't', 'y', 'p')) {
      String brand = new String(bytes, 8, Math.min(4, bytes.length - 8), StandardCharsets.US_ASCII);
      boolean avif = brand.startsWith("avi");
      throw new Unreadable(avif ? "AVIF is not read" : "HEIC is not read", Unreadable.CONVERT);
    }
    throw new Unreadable(
        "is no picture of a known kind (JPEG, PNG, BMP, GIF, TIFF)", Unreadable.CONVERT);
  }

  private static boolean starts(byte[] bytes, int at, int... magic) {
    if (bytes.length < at + magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((bytes[at + i] & 255) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  /** Decodes, converts to RGB and turns upright. */
  DecodedImage decode(byte[] bytes, ImageLimits limits) throws IOException, Unreadable {
    byte[] exif = new byte[0];
    Pixels pixels;
    switch (this) {
      case JPEG -> {
        JpegFile jpeg = JpegFile.parse(bytes);
        ImageReader.checkSize(jpeg.width(), jpeg.height(), limits, 7);
        exif = jpeg.exif();
        pixels = JdkDecoder.jpeg(jpeg);
      }
      case PNG -> {
        exif = PngChunks.checkAndFindExif(bytes);
        pixels = JdkDecoder.other(this, bytes, limits);
      }
      case TIFF -> {
        TiffDirectory.check(bytes);
        exif = bytes;
        pixels = JdkDecoder.other(this, bytes, limits);
      }
      default -> pixels = JdkDecoder.other(this, bytes, limits);
    }
    int orientation = Orientation.find(exif);
    Pixels upright = Orientation.apply(pixels, orientation);
    ImageInfo info =
        new ImageInfo(name(), pixels.width(), pixels.height(), orientation, pixels.colour());
    return new DecodedImage(RgbImage.wrap(upright.width(), upright.height(), upright.rgb()), info);
  }

  /** A part of an array, as EXIF stands in larger files. */
  static byte[] slice(byte[] bytes, int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }
}
