package io.sscam.image;

import io.sscam.nets.RgbImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads JPEG, PNG, BMP, GIF (first frame) and TIFF (first page) files, told apart by their content.
 *
 * <p>What comes out is 8-bit R G B. EXIF orientation is applied and alpha lies over white. Grey
 * samples are taken as they are, R = G = B. 16-bit colour keeps its high byte, as Pillow and
 * libvips do; 16-bit grey is scaled, round(v · 255 / 65535). CMYK and YCCK JPEGs are converted
 * plainly (ink over white), inverted where Adobe's marker says so. ICC profiles are ignored: every
 * picture is taken for sRGB, as torchvision does. All methods are safe to call from several
 * threads.
 */
public final class ImageReader {
  private ImageReader() {}

  /**
   * Reads a picture file under the default limits.
   *
   * @throws ImageReadException if it is missing, too large, damaged or of an unknown kind
   */
  public static DecodedImage read(Path file) throws ImageReadException {
    return read(file, ImageLimits.DEFAULT);
  }

  /**
   * Reads a picture file.
   *
   * @throws ImageReadException if it is missing, too large, damaged or of an unknown kind
   */
  public static DecodedImage read(Path file, ImageLimits limits) throws ImageReadException {
    String name = file.toString();
    try {
      return decode(bytes(file, limits), name, limits);
    } catch (Unreadable e) {
      throw new ImageReadException(name, e.why, e.mend, e);
    }
  }

  /**
   * Decodes a picture that is already in memory.
   *
   * @param name stands for the file in messages
   * @throws ImageReadException if it is too large, damaged or of an unknown kind
   */
  public static DecodedImage decode(byte[] bytes, String name, ImageLimits limits)
      throws ImageReadException {
    try {
      return ImageFormat.of(bytes).decode(bytes, limits);
    } catch (Unreadable e) {
      throw new ImageReadException(name, e.why, e.mend, e);
    } catch (IOException | RuntimeException e) {
      // The platform's readers meet bad bytes with whatever exception the bytes led them to.
      throw new ImageReadException(
          name, "the picture data is cut off or damaged", Unreadable.FETCH_AGAIN, e);
    } catch (OutOfMemoryError e) {
      // One refused array, of a size inside the limits: nothing else has been harmed by it.
      throw new ImageReadException(
          name, "too little memory to decode it", "start Java with a larger -Xmx", e);
    }
  }

  private static byte[] bytes(Path file, ImageLimits limits) throws Unreadable {
    if (Files.isDirectory(file)) {
      throw new Unreadable("is a folder", "name a picture file");
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new Unreadable("is not a regular file", "name a picture file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      long size = Files.size(file);
      // Read up to the limit whatever the size was: the file may be growing.
      byte[] bytes =
          size > limits.maxFileBytes()
              ? new byte[0]
              : in.readNBytes((int) limits.maxFileBytes() + 1);
      if (size > limits.maxFileBytes() || bytes.length > limits.maxFileBytes()) {
        throw new Unreadable(
            "over the limit of %d MB a file".formatted(limits.maxFileBytes() / 1_000_000),
            "scale it down");
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw new Unreadable("no such file", "check the path");
    } catch (AccessDeniedException e) {
      throw new Unreadable("may not be read", "check its permissions");
    } catch (IOException e) {
      throw new Unreadable(
          "cannot be read (" + e.getMessage() + ")", "check the disk and the path");
    }
  }

  /**
   * Refuses sizes over the limits before anything of that size is allocated.
   *
   * @param bytesPerPixel what the decoder and the result need together
   */
  static void checkSize(long width, long height, ImageLimits limits, int bytesPerPixel)
      throws Unreadable {
    if (width < 1 || height < 1) {
      throw new Unreadable(
          "has no pixels (%d×%d)".formatted(width, height), Unreadable.FETCH_AGAIN);
    }
    if (width > RgbImage.MAX_SIDE
        || height > RgbImage.MAX_SIDE
        || width * height > limits.maxPixels()) {
      throw new Unreadable(
          "%d×%d pixels are over the limit of %d megapixels and %d a side"
              .formatted(width, height, limits.maxPixels() / 1_000_000, RgbImage.MAX_SIDE),
          "scale it down");
    }
    long need = width * height * bytesPerPixel;
    long most = Runtime.getRuntime().maxMemory();
    if (need > most - most / 10) {
      throw new Unreadable(
          "%d×%d pixels need about %d MB of memory, Java may use %d"
              .formatted(width, height, need / 1_000_000, most / 1_000_000),
          "scale it down or start Java with a larger -Xmx");
    }
  }
}
