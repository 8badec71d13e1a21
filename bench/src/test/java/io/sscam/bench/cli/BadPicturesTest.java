package io.sscam.bench.cli;

import static io.sscam.bench.cli.ExitCode.BAD_INPUT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sscam.Explainer;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad pictures are refused by name, odd but good ones explained. */
final class BadPicturesTest {
  @TempDir private Path temp;
  private Path out;

  @BeforeEach
  void out() {
    out = temp.resolve("out");
  }

  private void refuses(Path picture, String... words) {
    Cli.explain(out, picture).refusedWithout(out, BAD_INPUT, words);
    Cli.run("classify", "--format", "json", picture).refused(BAD_INPUT, words);
    Cli.run("compare", "--quiet", "--methods", "cam", "--out", out, picture)
        .refusedWithout(out, BAD_INPUT, words);
  }

  private void refuses(String name, byte[] bytes) throws IOException {
    refuses(Files.write(temp.resolve(name), bytes), name, ";");
  }

  @Test
  void missing() {
    refuses(temp.resolve("missing.jpg"), "missing.jpg", "no such file", "check the path");
  }

  @Test
  void aFolder() {
    refuses(temp, temp.toString(), "is a folder", "name a picture file");
  }

  @Test
  void empty() throws IOException {
    refuses("empty.png", new byte[0]);
  }

  @Test
  void truncated() throws IOException {
    refuses("half.jpg", Pictures.truncatedJpeg());
  }

  @Test
  void textNamedJpg() throws IOException {
    refuses("text.jpg", "This is not a picture.\n".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void thirtyThousandPixelsASide() throws IOException {
    Path file = Files.write(temp.resolve("huge.png"), Pictures.hugePng());
    refuses(file, "huge.png", "30000×30000", "scale it down");
  }

  private BufferedImage explained(Path picture) throws IOException {
    Cli.explain(out, "--format", "png", picture).succeeded();
    String stem = picture.getFileName().toString().replaceFirst("\\.[^.]*$", "");
    assertThat(Cli.files(out)).containsExactly(stem + ".cam.png");
    return ImageIO.read(out.resolve(stem + ".cam.png").toFile());
  }

  @Test
  void onePixelWorks() throws IOException {
    BufferedImage pixel = Pictures.draw(1, 1, BufferedImage.TYPE_INT_RGB);
    assertThat(explained(Pictures.write(temp, "pixel.png", pixel)).getWidth()).isPositive();
  }

  @Test
  void sixteenBitsWork() throws IOException {
    explained(Pictures.write(temp, "deep.png", Pictures.grey16(80, 60)));
  }

  @Test
  void greyWorks() throws IOException {
    BufferedImage grey = Pictures.draw(80, 60, BufferedImage.TYPE_BYTE_GRAY);
    explained(Pictures.write(temp, "grey.jpg", grey));
  }

  @Test
  void alphaWorks() throws IOException {
    BufferedImage alpha = Pictures.draw(80, 60, BufferedImage.TYPE_INT_ARGB);
    alpha.setRGB(3, 3, 0x00FF0000);
    explained(Pictures.write(temp, "alpha.png", alpha));
  }

  @Test
  void exifTurnsThePicture() throws IOException {
    Path lying = Files.write(temp.resolve("lying.jpg"), Pictures.turned(400, 200));
    BufferedImage map = explained(lying);
    assertThat(map.getHeight()).as("400x200 turned is upright").isGreaterThan(map.getWidth());
  }

  @Test
  void oneBadPhotoDoesNotStopTheOthers() throws IOException {
    Path first = Pictures.good(temp, "first.png");
    Path last = Pictures.good(temp, "last.jpg");
    Path bad = Files.write(temp.resolve("bad.jpg"), new byte[0]);
    Cli.explain(out, "--format", "npy", first, bad, last).refused(BAD_INPUT, "bad.jpg");
    assertThat(Cli.files(out)).containsExactly("first.cam.npy", "last.cam.npy");
  }

  @Test
  void aPhotosSeedFollowsFromItsPlaceWhateverBecomesOfTheOthers() throws IOException {
    Path bad = Files.write(temp.resolve("bad.jpg"), new byte[0]);
    Path last = Pictures.good(temp, "last.png");
    Cli.explain(out, "--method", "random-weights", "--format", "json", bad, last)
        .refused(BAD_INPUT, "bad.jpg");
    Path json = out.resolve("last.random-weights.json");
    assertThat(new ObjectMapper().readTree(json.toFile()).path("seed").longValue())
        .isEqualTo(Explainer.seed(0, 1));
  }
}
