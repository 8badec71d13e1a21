package io.sscam.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands write and print when all is well. */
final class ResultsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir private Path temp;
  private Path out;
  private Path photo;

  @BeforeEach
  void photo() throws IOException {
    out = temp.resolve("out");
    photo = Pictures.good(temp, "photo.png");
  }

  private Cli.Outcome ssCam(Path folder, Object... more) {
    List<Object> args = new ArrayList<>();
    args.addAll(List.of("explain", "--size", "32x64", "--samples", "2", "--out", folder));
    args.addAll(List.of(more));
    args.add(photo);
    return Cli.run(args.toArray()).succeeded();
  }

  @Test
  void theJsonHoldsAllThatIsNeededToRepeatTheRun() throws IOException {
    Cli.Outcome outcome = ssCam(out, "--seed", "7", "--class", "cat", "--noise", "masked-input");
    assertThat(outcome.out()).contains("cat (class 1,", "forward passes", "photo.ss-cam.json");
    assertThat(outcome.err()).contains("built-in demo model").doesNotContain("\u001b", "\r");
    assertThat(Cli.files(out)).containsExactly("photo.ss-cam.json", "photo.ss-cam.png");
    JsonNode json = MAPPER.readTree(out.resolve("photo.ss-cam.json").toFile());
    assertThat(json.path("class").intValue()).isEqualTo(1);
    assertThat(json.path("className").textValue()).isEqualTo("cat");
    assertThat(json.path("logit").isDouble()).isTrue();
    assertThat(json.path("probability").doubleValue()).isBetween(0.0, 1.0);
    assertThat(json.path("seed").longValue()).isEqualTo(7);
    assertThat(json.path("device").textValue()).isEqualTo("cpu");
    assertThat(json.path("precision").textValue()).isEqualTo("fp32");
    assertThat(json.path("batch").intValue()).isPositive();
    assertThat(json.path("method").textValue()).isEqualTo("ss-cam");
    assertThat(json.path("layer").textValue()).isEqualTo("features.12");
    assertThat(json.path("timings").path("totalSeconds").doubleValue()).isPositive();
    assertThat(json.path("timings").path("forwardPasses").intValue()).isPositive();
    assertThat(json.path("effectiveChannels").doubleValue()).isPositive();
    assertThat(json.path("liveChannels").intValue()).isBetween(0, 512);
    assertThat(json.path("scoredChannels")).isEqualTo(json.path("liveChannels"));
    JsonNode geometry = json.path("geometry");
    assertThat(geometry.path("inputHeight").intValue()).isEqualTo(32);
    assertThat(geometry.path("inputWidth").intValue()).isEqualTo(64);
    assertThat(geometry.path("originalWidth").intValue()).isPositive();
    assertThat(geometry.path("covered").path("x1").doubleValue())
        .isGreaterThan(geometry.path("covered").path("x0").doubleValue());
    options(json.path("options"));
    run(json.path("run"));
  }

  private static void options(JsonNode options) {
    assertThat(options.path("preset").textValue()).isEqualTo("default");
    assertThat(options.path("noise").textValue()).isEqualTo("masked-input");
    assertThat(options.path("samples").intValue()).isEqualTo(2);
    assertThat(options.path("sigma").doubleValue()).isEqualTo(1);
    assertThat(options.path("sigmaRule").textValue()).isEqualTo("multiplier");
    assertThat(options.has("topChannels")).as("all channels are scored").isFalse();
    assertThat(options.path("secondPass").isBoolean()).isTrue();
    for (String each :
        List.of("aggregate", "score", "baseline", "weights", "channelWeight", "normalise")) {
      assertThat(options.path(each).textValue()).as(each).isNotBlank();
    }
  }

  private void run(JsonNode run) {
    assertThat(run.path("photo").textValue()).isEqualTo(photo.toString());
    assertThat(run.path("model").textValue()).isEqualTo("demo");
    assertThat(run.path("preprocess").textValue()).isEqualTo("imagenet");
    assertThat(run.path("size").textValue()).isEqualTo("32x64");
    assertThat(run.path("threads").intValue()).isPositive();
    assertThat(run.path("version").textValue()).isNotBlank();
    assertThat(run.path("command").toString()).contains("\"--noise\",\"masked-input\"");
  }

  @Test
  void theJsonsTensorsHaveTheirShapes() throws IOException {
    ssCam(out, "--format", "json");
    JsonNode json = MAPPER.readTree(out.resolve("photo.ss-cam.json").toFile());
    List<Integer> map = shape(json.path("map"));
    assertThat(map).hasSize(2);
    assertThat(shape(json.path("alpha"))).containsExactly(512);
    assertThat(shape(json.path("scores"))).containsExactly(512, 2);
    int live = 0;
    JsonNode scores = json.path("scores").path("values");
    for (int i = 0; i < scores.size(); i += 2) {
      live += scores.path(i).isNumber() ? 1 : 0;
      assertThat(scores.path(i).isNumber() || scores.path(i).isNull()).isTrue();
    }
    assertThat(live).as("a dead channel has no score").isEqualTo(json.path("liveChannels").asInt());
  }

  private static List<Integer> shape(JsonNode tensor) {
    List<Integer> shape = new ArrayList<>();
    tensor.path("shape").forEach(extent -> shape.add(extent.intValue()));
    int elements = shape.stream().reduce(1, (a, b) -> a * b);
    assertThat(tensor.path("values").size()).isEqualTo(elements);
    return shape;
  }

  @Test
  void onlyTheTopChannelsAreScored() throws IOException {
    Cli.Outcome outcome = ssCam(out, "--format", "json", "--top-channels", "5");
    assertThat(outcome.out()).contains("of 512 channels live, 5 scored, 12 forward passes");
    JsonNode json = MAPPER.readTree(out.resolve("photo.ss-cam.json").toFile());
    assertThat(json.path("options").path("topChannels").intValue()).isEqualTo(5);
    assertThat(json.path("scoredChannels").intValue()).isEqualTo(5);
    assertThat(json.path("liveChannels").intValue()).isGreaterThan(5);
    long weights = 0;
    for (JsonNode alpha : json.path("alpha").path("values")) {
      weights += alpha.doubleValue() != 0 ? 1 : 0;
    }
    assertThat(weights).isBetween(1L, 5L);
  }

  @Test
  void aBlankMapIsSaidAndWhatToDo() {
    assertThat(explained("32x32").out())
        .contains("every channel of features.12 is constant; try a larger");
    assertThat(explained("64x64", "--sigma", "50").out())
        .contains(
            "no channel raises this class's score above the baseline; try less noise, --sigma 25.0.");
    assertThat(explained("64x64", "--sigma", "50", "--top-channels", "1").out())
        .contains("no channel that was scored raises", "try less noise, --sigma 25.0, or more");
  }

  private Cli.Outcome explained(String size, Object... more) {
    List<Object> args = new ArrayList<>(List.of("explain", photo, "--out", out, "--samples", "1"));
    args.addAll(List.of("--size", size));
    args.addAll(List.of(more));
    return Cli.run(args.toArray()).succeeded();
  }

  @Test
  void theNpyIsTheHeatmapAtTheInputsSize() throws IOException {
    Cli.explain(out, "--format", "npy", "--size", "32x64", photo).succeeded();
    ByteBuffer npy =
        ByteBuffer.wrap(Files.readAllBytes(out.resolve("photo.cam.npy")))
            .order(ByteOrder.LITTLE_ENDIAN);
    byte[] magic = new byte[8];
    npy.get(magic);
    assertThat(magic).containsExactly(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0);
    byte[] header = new byte[npy.getShort()];
    npy.get(header);
    assertThat(new String(header, StandardCharsets.US_ASCII))
        .startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (32, 64), }")
        .endsWith("\n");
    assertThat((10 + header.length) % 64).isZero();
    assertThat(npy.remaining()).isEqualTo(32 * 64 * Float.BYTES);
    while (npy.hasRemaining()) {
      assertThat(npy.getFloat()).isBetween(0f, 1f);
    }
  }

  @Test
  void theSameSeedGivesTheSameBytesAndAnotherOneOthers() throws IOException {
    byte[] first = npy("a", "7");
    assertThat(npy("b", "7")).isEqualTo(first);
    assertThat(scores("c", "7")).isEqualTo(scores("d", "7")).isNotEqualTo(scores("e", "8"));
  }

  private byte[] npy(String folder, String seed) throws IOException {
    ssCam(temp.resolve(folder), "--format", "npy", "--seed", seed);
    return Files.readAllBytes(temp.resolve(folder).resolve("photo.ss-cam.npy"));
  }

  private JsonNode scores(String folder, String seed) throws IOException {
    ssCam(temp.resolve(folder), "--format", "json", "--seed", seed);
    return MAPPER
        .readTree(temp.resolve(folder).resolve("photo.ss-cam.json").toFile())
        .path("scores");
  }

  @Test
  void severalClassesHaveFilesOfTheirOwn() {
    Cli.explain(out, "--class", "3,alarm clock", "--format", "PNG", photo).succeeded();
    assertThat(Cli.files(out)).containsExactly("photo.cam.17.png", "photo.cam.3.png");
  }

  @Test
  void oneClassByTwoNamesIsWrittenOnce() throws IOException {
    Cli.Outcome outcome =
        Cli.run(
            "explain",
            "--size",
            "64x64",
            "--method",
            "cam",
            "--out",
            out,
            "--class",
            "top,#1",
            photo);
    assertThat(outcome.succeeded().out().lines()).hasSize(1);
  }

  @Test
  void quietIsQuiet() {
    Cli.Outcome outcome = Cli.explain(out, photo).succeeded();
    assertThat(outcome.out() + outcome.err()).isEmpty();
  }

  @Test
  void classifyPrintsOneJsonLineAPhoto() throws IOException {
    Path second = Pictures.good(temp, "second.jpg");
    Cli.Outcome outcome =
        Cli.run("classify", "--size", "64x64", "--format", "json", "--top", "3", photo, second);
    List<String> lines = outcome.succeeded().out().lines().toList();
    assertThat(outcome.err()).isEmpty();
    assertThat(lines).hasSize(2);
    for (int i = 0; i < 2; i++) {
      JsonNode line = MAPPER.readTree(lines.get(i));
      assertThat(line.path("file").textValue()).isEqualTo((i == 0 ? photo : second).toString());
      assertThat(line.path("model").textValue()).isEqualTo("demo");
      assertThat(line.path("device").textValue()).isEqualTo("cpu");
      assertThat(line.path("precision").textValue()).isEqualTo("fp32");
      assertThat(line.path("top").size()).isEqualTo(3);
      double last = 1;
      for (JsonNode entry : line.path("top")) {
        assertThat(entry.path("class").intValue()).isBetween(0, 19);
        assertThat(entry.path("name").textValue()).isNotBlank();
        assertThat(entry.path("probability").doubleValue()).isBetween(0.0, last);
        last = entry.path("probability").doubleValue();
      }
    }
  }

  @Test
  void classifyAsTextIsATable() {
    Cli.Outcome outcome = Cli.run("classify", "--size", "64x64", "--top", "99", photo).succeeded();
    assertThat(outcome.out().lines().skip(1))
        .hasSize(20)
        .allSatisfy(line -> assertThat(line).matches(" +\\d+\\.\\d\\d % +\\d+  \\S.*"));
  }

  @Test
  void compareWritesOnePicture() throws IOException {
    Cli.Outcome outcome =
        Cli.run(
                "compare",
                "--size",
                "64x64",
                "--samples",
                "1",
                "--top-channels",
                "9",
                "--out",
                out,
                photo)
            .succeeded();
    assertThat(outcome.out()).contains("photo.compare.png");
    assertThat(Cli.files(out)).containsExactly("photo.compare.png");
    var grid = ImageIO.read(out.resolve("photo.compare.png").toFile());
    assertThat(grid.getWidth()).as("several cells").isGreaterThan(grid.getHeight());
  }

  @Test
  void compareOfSeveralPhotosIsOnePictureWithARowEach() throws IOException {
    Path other = Pictures.good(temp, "other.png");
    Path broken = Files.writeString(temp.resolve("broken.jpg"), "no picture");
    Cli.Outcome outcome =
        Cli.run(
            "compare",
            "--size",
            "32x32",
            "--methods",
            "cam,grad-cam,grad-cam++",
            "--out",
            out,
            photo,
            broken,
            other);
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.err()).contains("error: ", "broken.jpg");
    assertThat(Cli.files(out)).containsExactly("compare.png");
    Cli.run(
            "compare",
            "--size",
            "32x32",
            "--methods",
            "cam,grad-cam,grad-cam++",
            "--out",
            out,
            photo)
        .succeeded();
    var two = ImageIO.read(out.resolve("compare.png").toFile());
    var one = ImageIO.read(out.resolve("photo.compare.png").toFile());
    assertThat(two.getWidth()).isEqualTo(one.getWidth());
    assertThat(two.getHeight()).isGreaterThan(one.getHeight() * 3 / 2);
  }
}
