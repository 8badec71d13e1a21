package io.sscam.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.nets.Box;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Small data sets on disk, and what their tests ask again and again. */
final class Made {
  private Made() {}

  /** Writes a text in UTF-8, and the folders above it. */
  static Path text(Path file, String text) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    return Files.writeString(file, text);
  }

  /** Writes a grey picture of W×H; {@code kind} is {@code jpg} or {@code png}. */
  static Path picture(Path file, String kind, int width, int height) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    return Files.write(file, bytes(kind, width, height));
  }

  /** A JPEG of 8×6. */
  static Path jpeg(Path file) throws IOException {
    return picture(file, "jpg", 8, 6);
  }

  private static byte[] bytes(String kind, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    image.createGraphics().fillRect(0, 0, width / 2, height);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      assertThat(ImageIO.write(image, kind, out)).isTrue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** An annotation of some objects. */
  static String annotation(String... objects) {
    return "<annotation><folder>f</folder>" + String.join("", objects) + "</annotation>";
  }

  /** An object as PASCAL VOC has them. */
  static String object(String name, String xmin, String ymin, String xmax, String ymax) {
    return "<object><name>" + name + "</name>" + box(xmin, ymin, xmax, ymax) + "</object>";
  }

  static String box(String xmin, String ymin, String xmax, String ymax) {
    return "<bndbox><xmin>%s</xmin><ymin>%s</ymin><xmax>%s</xmax><ymax>%s</ymax></bndbox>"
        .formatted(xmin, ymin, xmax, ymax);
  }

  static LabelledBox labelled(String name, double x0, double y0, double x1, double y1) {
    return new LabelledBox(name, new Box(x0, y0, x1, y1));
  }

  static List<String> ids(List<Sample> samples) {
    return samples.stream().map(Sample::id).toList();
  }

  /** A sample that nobody decodes. */
  static Sample sample(String id) {
    return new Sample(
        id,
        () -> {
          throw new IOException("nobody drew " + id);
        },
        List.of(),
        List.of());
  }

  static DataSet set(String... ids) {
    List<Sample> samples = Arrays.stream(ids).map(Made::sample).toList();
    return new DataSet("made", null, samples, List.of());
  }

  /** Fails unless it throws a {@link DataSetException} whose message is one short line. */
  static void refused(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOf(DataSetException.class)
        .satisfies(
            e -> {
              oneLine(e.getMessage());
              for (String part : parts) {
                assertThat(e).hasMessageContaining(part);
              }
            });
  }

  /** Fails unless a text is one line that a terminal can show. */
  static void oneLine(String text) {
    assertThat(text)
        .isNotBlank()
        .hasSizeLessThan(1200)
        .doesNotContainPattern("[\\p{Cntrl}\u2028\u2029]");
  }
}
