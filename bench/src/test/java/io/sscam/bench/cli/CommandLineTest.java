package io.sscam.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program as a user meets it: exit codes, one-line errors, whole files. */
class CommandLineTest {
  @TempDir Path folder;
  private Path photo;
  private Path out;

  /** What one run left. */
  private record Ran(int code, String out, String err) {
    List<String> errors() {
      return err.lines().filter(line -> line.startsWith("error: ")).toList();
    }
  }

  @BeforeEach
  void onePhoto() throws IOException {
    photo = folder.resolve("photo.png");
    out = folder.resolve("out");
    BufferedImage image = new BufferedImage(80, 60, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(1);
    for (int i = 0; i < 80 * 60; i++) {
      image.setRGB(i % 80, i / 80, random.nextInt(1 << 24));
    }
    ImageIO.write(image, "png", photo.toFile());
  }

  private static Ran run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), args);
    return new Ran(code, out.toString(), err.toString());
  }

  private Ran explain(String... more) {
    List<String> args = new ArrayList<>(List.of("explain", photo.toString()));
    if (!List.of(more).contains("--size")) {
      args.addAll(List.of("--size", "64x64"));
    }
    if (!List.of(more).contains("--out")) {
      args.addAll(List.of("--out", out.toString()));
    }
    args.addAll(List.of(more));
    return run(args.toArray(String[]::new));
  }

  private List<String> written() throws IOException {
    if (!Files.isDirectory(out)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(out)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static void oneError(Ran ran, int code, String about) {
    assertThat(ran.code()).as(ran.toString()).isEqualTo(code);
    assertThat(ran.errors()).as(ran.err()).hasSize(1);
    assertThat(ran.errors().get(0)).contains(about);
    assertThat(ran.err()).doesNotContain("\tat ");
  }

  @Test
  void aloneItPrintsHelp() {
    Ran ran = run();
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).contains("explain", "classify", "compare", "weights", "devices");
    assertThat(run("--version").out()).contains("sscam-engine");
    assertThat(run("generate-completion").out()).contains("complete");
    assertThat(run("devices").out()).contains("cpu   ready").contains("cuda  missing");
  }

  @ParameterizedTest
  @CsvSource({
    "--nonsense, 1, 2, nonsense",
    "--method, nonsense, 2, score-cam",
    "--preset, nonsense, 2, equation-15",
    "--model, nonsense, 2, resnet18",
    "--layer, layer9, 2, features.12",
    "--class, 20, 2, 0 to 19",
    "--class, elefant, 2, elefant",
    "--class, #21, 2, rank 21",
    "--samples, 0, 2, samples",
    "--samples, many, 2, many",
    "--sigma, -1, 2, sigma",
    "--noise, loud, 2, masked-input",
    "--batch, 0, 2, batch",
    "--threads, 0, 2, threads",
    "--size, 64, 2, 224x224",
    "--size, 8x8, 2, 32",
    "--format, gif, 2, gif",
    "--preprocess, zoom, 2, zoom",
    "--weights, x.pth, 2, --model",
    "--device, cuda:0, 4, cuda",
    "--device, tpu, 4, cpu"
  })
  void wrongUseIsOneLine(String option, String value, int code, String about) throws IOException {
    oneError(explain(option, value), code, about);
    assertThat(written()).isEmpty();
  }

  @Test
  void badPicturesAreNamedAndTheOthersDone() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty.jpg"));
    Path text = Files.writeString(folder.resolve("text.jpg"), "no picture");
    Path missing = folder.resolve("missing.png");
    byte[] whole = Files.readAllBytes(photo);
    Path cut = Files.write(folder.resolve("cut.png"), java.util.Arrays.copyOf(whole, 2000));
    for (Path bad : List.of(empty, text, missing, cut, folder)) {
      oneError(run("classify", bad.toString()), 3, bad.getFileName().toString());
    }
    Ran ran = explain("--method", "cam", "--quiet", missing.toString());
    oneError(ran, 3, "missing.png");
    assertThat(written()).containsExactly("photo.cam.json", "photo.cam.png");
  }

  @Test
  void badWeightsAreNamed() throws IOException {
    Path text = Files.writeString(folder.resolve("w.pth"), "no weights");
    for (String file : List.of(text.toString(), folder.resolve("none.pth").toString())) {
      oneError(
          explain("--model", "resnet18", "--weights", file),
          3,
          Path.of(file).getFileName().toString());
    }
    assertThat(written()).isEmpty();
  }

  @Test
  void outputThatCannotBeWrittenIsSaidBeforeTheWork() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    oneError(explain("--out", file.resolve("sub").toString()), 2, "--out");
  }

  @Test
  void jsonHoldsEverything() throws IOException {
    Ran ran =
        explain("--samples", "2", "--seed", "5", "--format", "json,npy", "--class", "dog,top2");
    assertThat(ran.code()).as(ran.err()).isZero();
    JsonNode json =
        new ObjectMapper()
            .readTree(Files.readString(out.resolve("photo.ss-cam.0.json"), StandardCharsets.UTF_8));
    assertThat(json.get("class").asInt()).isZero();
    assertThat(json.get("className").asText()).isEqualTo("dog");
    for (String field :
        List.of(
            "logit", "probability", "device", "precision", "liveChannels", "effectiveChannels")) {
      assertThat(json.hasNonNull(field)).as(field).isTrue();
    }
    assertThat(json.get("seed").asLong()).isEqualTo(5);
    assertThat(json.get("options").get("samples").asInt()).isEqualTo(2);
    assertThat(json.get("options").get("noise").asText()).isEqualTo("masked-input");
    assertThat(json.get("run").get("photo").asText()).isEqualTo(photo.toString());
    assertThat(json.get("timings").get("forwardPasses").asLong()).isPositive();
    assertThat(json.get("alpha").get("shape").toString()).isEqualTo("[512]");
    assertThat(json.get("scores").get("shape").toString()).isEqualTo("[512,2]");
    assertThat(json.get("scores").get("values")).hasSize(1024);
    assertThat(json.get("map").get("shape").toString()).isEqualTo("[3,3]");
    byte[] npy = Files.readAllBytes(out.resolve("photo.ss-cam.0.npy"));
    assertThat(new String(npy, 0, 128, StandardCharsets.ISO_8859_1)).contains("(64, 64)", "<f4");
    assertThat(npy).hasSize(128 + 64 * 64 * 4);
  }

  @Test
  void sameSeedSameBytes() throws IOException {
    explain("--samples", "1", "--seed", "9", "--format", "npy");
    byte[] first = Files.readAllBytes(out.resolve("photo.ss-cam.npy"));
    explain("--samples", "1", "--seed", "9", "--format", "npy");
    assertThat(Files.readAllBytes(out.resolve("photo.ss-cam.npy"))).isEqualTo(first);
  }

  @Test
  void classifyAsJsonIsOneLineAPhoto() throws IOException {
    Ran ran = run("classify", photo.toString(), photo.toString(), "--format", "json", "--top", "3");
    assertThat(ran.code()).isZero();
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out().lines()).hasSize(2);
    JsonNode line = new ObjectMapper().readTree(ran.out().lines().findFirst().orElseThrow());
    assertThat(line.get("file").asText()).isEqualTo(photo.toString());
    assertThat(line.get("top")).hasSize(3);
    assertThat(line.get("top").get(0).get("probability").asDouble()).isBetween(0.0, 1.0);
  }

  @Test
  void compareDrawsOnePicture() throws IOException {
    Ran ran =
        run(
            "compare",
            photo.toString(),
            "--size",
            "64x64",
            "--samples",
            "1",
            "--out",
            out.toString());
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(written()).containsExactly("photo.compare.png");
    assertThat(ImageIO.read(out.resolve("photo.compare.png").toFile()).getWidth())
        .isGreaterThan(800);
  }

  @Test
  void verboseShowsTheTrace() {
    assertThat(run("weights", "pull", "nonsense").code()).isEqualTo(2);
    assertThat(run("weights", "list").out()).contains("resnet18", "cache");
    assertThat(run("--verbose", "weights", "pull", "nonsense").err()).contains("\tat ");
  }
}
