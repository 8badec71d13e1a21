package io.sscam.image;

import io.sscam.nets.RgbImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Pictures for the tests: small ones in the resources, real ones in the shared folder. */
final class TestFiles {
  private TestFiles() {}

  /** A resource beside this class; {@code make_pictures.py} made it. */
  static byte[] resource(String name) {
    try (InputStream in = TestFiles.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines file,width,height,crc of the resources. */
  static List<String> expected() {
    return new String(resource("expected.csv"), StandardCharsets.UTF_8).lines().toList();
  }

  static String crc(RgbImage image) {
    CRC32 crc = new CRC32();
    crc.update(image.toArray());
    return "%08x".formatted(crc.getValue());
  }

  static RgbImage decode(String resource) throws ImageReadException {
    return ImageReader.decode(resource(resource), resource, ImageLimits.DEFAULT).image();
  }

  /** A file of the shared folder; skips the test plainly where it is absent, but fails in CI. */
  static Path shared(String relative) {
    Path file = Path.of(System.getProperty("sscam.shared", "../../shared")).resolve(relative);
    if (!Files.exists(file)) {
      String skipped = "SKIPPED, real photos not tested: there is no " + file;
      if ("true".equals(System.getenv("CI"))) {
        Assertions.fail(skipped + ", and CI must have it");
      }
      System.out.println(skipped);
      Assumptions.abort(skipped);
    }
    return file;
  }
}
