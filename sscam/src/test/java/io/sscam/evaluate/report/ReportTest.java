package io.sscam.evaluate.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sscam.evaluate.Outcome;
import io.sscam.evaluate.ResultLog;
import io.sscam.evaluate.Results;
import io.sscam.evaluate.RunSettings;
import io.sscam.evaluate.Skipped;
import io.sscam.evaluate.Variant;
import io.sscam.nets.RgbImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static final Report.Options WITHOUT_TIMES =
      new Report.Options(DemoRun::picture, new TreeMap<>(), Optional.empty());

  @TempDir static Path demo;
  @TempDir Path folder;

  @BeforeAll
  static void writeDemo() throws IOException {
    Report.write(demo, DemoRun.results(), WITHOUT_TIMES);
  }

  private static String demoPage() throws IOException {
    return Files.readString(demo.resolve("report.html"));
  }

  private String html(Results results, Report.Options options) throws IOException {
    Report.write(folder, results, options);
    return Files.readString(folder.resolve("report.html"));
  }

  @Test
  void theOrderOfTheLogAndAnInterruptionLeaveNoTrace() throws IOException {
    Path straight = Files.createDirectory(folder.resolve("straight"));
    Path torn = Files.createDirectory(folder.resolve("torn"));
    DemoRun.write(straight.resolve("log"), DemoRun.pictures());
    List<String> shuffled = new ArrayList<>(DemoRun.pictures());
    Collections.shuffle(shuffled, new Random(5));
    DemoRun.write(torn.resolve("log"), shuffled);
    byte[] whole = Files.readAllBytes(torn.resolve("log"));
    Files.write(torn.resolve("log"), Arrays.copyOf(whole, whole.length / 2));
    DemoRun.write(torn.resolve("log"), DemoRun.pictures());

    Report.write(straight, ResultLog.read(straight.resolve("log")), WITHOUT_TIMES);
    Report.write(torn, ResultLog.read(torn.resolve("log")), WITHOUT_TIMES);

    assertThat(Files.readAllBytes(straight.resolve("log")))
        .isNotEqualTo(Files.readAllBytes(torn.resolve("log")));
    for (String name : List.of("report.html", "report.json", "report.csv")) {
      assertThat(Files.readString(torn.resolve(name)))
          .as(name)
          .isEqualTo(Files.readString(straight.resolve(name)));
    }
  }

  @Test
  void secondsChangeNothingWhereTimesAreLeftOut() throws IOException {
    Results run = DemoRun.results();
    String before = demoPage();
    String json = Files.readString(demo.resolve("report.json"));
    String csv = Files.readString(demo.resolve("report.csv"));
    Results slower =
        new Results(
            run.settings(),
            run.outcomes().stream().map(outcome -> slower(outcome)).toList(),
            run.skipped());

    assertThat(html(slower, WITHOUT_TIMES)).isEqualTo(before);
    assertThat(Files.readString(folder.resolve("report.json"))).isEqualTo(json);
    assertThat(Files.readString(folder.resolve("report.csv"))).isEqualTo(csv);
    Report.Options timed =
        new Report.Options(
            DemoRun::picture, new TreeMap<>(), Optional.of(Instant.parse("2026-01-02T03:04:05Z")));
    assertThat(html(slower, timed)).isNotEqualTo(before).contains("2026-01-02T03:04:05Z");
  }

  private static Outcome slower(Outcome o) {
    return new Outcome(
        o.picture(),
        o.variant(),
        o.classIndex(),
        o.className(),
        o.correct(),
        o.probability(),
        o.explainedProbability(),
        o.pointing(),
        o.boxShare(),
        o.deletion(),
        o.insertion(),
        o.coherency(),
        o.complexity(),
        o.effectiveChannels(),
        o.blank(),
        o.seed(),
        o.mapHeight(),
        o.mapWidth(),
        o.map(),
        o.seconds() * 2 + 1,
        o.forwardPasses());
  }

  @Test
  void thePageLoadsNothing() throws IOException {
    String html = demoPage();

    assertThat(html).doesNotContainIgnoringCase("http:").doesNotContainIgnoringCase("https:");
    assertThat(html).doesNotContain("<script", "<link", "@import", "url(", "<iframe");
    Matcher source = Pattern.compile("src=\"(.{11})").matcher(html);
    assertThat(source.results().map(found -> found.group(1)).distinct())
        .containsExactly("data:image/");
  }

  @Test
  void everyNameIsText() throws IOException {
    String evil = "<script>alert('\"&\u202E\u0000\")</script>";
    Variant variant = new Variant(evil + 1, evil, "ss-cam", evil, 2.0, 10, null, 1, false);
    Outcome made = DemoRun.outcomes("x").get(0);
    Results results =
        new Results(
            new RunSettings(
                evil,
                new RunSettings.Data(evil, evil, 2, "0".repeat(64), null, null, null),
                new RunSettings.Model(
                    evil, "0".repeat(64), "0".repeat(64), evil, 224, 224, "stretch", evil, evil),
                "top",
                List.of(variant),
                List.of(evil),
                RunSettings.Shard.whole(2),
                evil),
            List.of(renamed(made, evil, variant.id())),
            List.of(new Skipped(evil + 2, evil)));

    String html = html(results, WITHOUT_TIMES);

    assertThat(html).doesNotContain("<script", "\u202E", "\u0000").contains("&lt;script&gt;");
    assertThat(Files.readString(folder.resolve("report.csv")))
        .contains("\"<script>alert('\"\"&\u202E\u0000\"\")</script>1\"");
  }

  private static Outcome renamed(Outcome o, String name, String variant) {
    return new Outcome(
        name,
        variant,
        o.classIndex(),
        name,
        o.correct(),
        o.probability(),
        o.explainedProbability(),
        o.pointing(),
        o.boxShare(),
        o.deletion(),
        o.insertion(),
        o.coherency(),
        o.complexity(),
        o.effectiveChannels(),
        o.blank(),
        o.seed(),
        o.mapHeight(),
        o.mapWidth(),
        o.map(),
        o.seconds(),
        o.forwardPasses());
  }

  /** Tags nest and close: read as XML, after the few tags that HTML leaves open. */
  @Test
  void thePageIsSound() throws Exception {
    String html = demoPage();
    String xml =
        html.replace("<!doctype html>", "")
            .replaceAll("(<(?:meta|img|br)[^>]*)>", "$1/>")
            .replaceAll("(?s)<style>.*?</style>", "");

    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));

    assertThat(document.getElementsByTagName("h1").getLength()).isEqualTo(1);
    assertThat(document.getElementsByTagName("h2").getLength()).isEqualTo(9);
  }

  @Test
  void numbersOfThePageAreThoseOfTheSummary() throws IOException {
    Results results = DemoRun.results();
    String html = demoPage();
    JsonNode json = new ObjectMapper().readTree(demo.resolve("report.json").toFile());
    JsonNode drop = json.get("variants").get(0).get("means").get("average-drop");

    double sum = 0;
    int n = 0;
    for (Outcome o : results.outcomes()) {
      if (o.variant().equals(results.settings().variants().get(0).id())) {
        sum += Math.max(0, o.probability() - o.explainedProbability()) / o.probability();
        n++;
      }
    }
    assertThat(drop.get("n").asInt()).isEqualTo(n);
    assertThat(drop.get("mean").asDouble()).isCloseTo(100 * sum / n, within(1e-9));
    assertThat(html).contains(">%s<".formatted(Numbers.fixed(drop.get("mean").asDouble(), 1)));
    JsonNode pictures = json.get("pictures");
    assertThat(pictures.get("explained").asInt() + pictures.get("skipped").size())
        .isEqualTo(pictures.get("total").asInt())
        .isEqualTo(DemoRun.PICTURES);
    for (JsonNode skipped : pictures.get("skipped")) {
      assertThat(html).contains(skipped.get("picture").asText());
    }
  }

  @Test
  void theCsvHasOneRowAVariantAndAsManyCellsAsItsHead() throws IOException {
    Results results = DemoRun.results();
    List<String> lines = Files.readAllLines(demo.resolve("report.csv"));

    assertThat(lines).hasSize(1 + results.settings().variants().size());
    RunSettings.Model model = results.settings().model();
    assertThat(lines.get(0)).contains(",network,layer,precision,device,");
    int cells = lines.get(0).split(",", -1).length;
    for (String line : lines.subList(1, lines.size())) {
      assertThat(line.replaceAll("\"[^\"]*\"", "").split(",", -1)).hasSize(cells);
      assertThat(line)
          .contains(
              ","
                  + String.join(
                      ",", model.network(), model.layer(), model.precision(), model.device())
                  + ",");
    }
  }

  @Test
  void anOverlayIsThePictureWithItsMap() throws IOException {
    Outcome made = DemoRun.outcomes("x").get(0);
    String uri =
        Thumbnail.dataUri(RgbImage.filled(100, 50, 0x808080), made, DemoRun.settings().model());
    byte[] jpeg = Base64.getDecoder().decode(uri.substring(uri.indexOf(',') + 1));

    var image = ImageIO.read(new ByteArrayInputStream(jpeg));

    assertThat(image.getWidth()).isEqualTo(300);
    assertThat(image.getHeight()).isEqualTo(150);
    float[] map = made.map();
    int best = 0;
    int least = 0;
    for (int i = 0; i < map.length; i++) {
      best = map[i] > map[best] ? i : best;
      least = map[i] < map[least] ? i : least;
    }
    assertThat(red(image, best)).isGreaterThan(red(image, least) + 60);
  }

  private static int red(BufferedImage image, int cell) {
    int row = cell / 7;
    int x = (int) ((cell % 7 + 0.5) * 300 / 7);
    int y = (int) ((row + 0.5) * 150 / 7);
    return image.getRGB(x, y) >> 16 & 255;
  }

  @Test
  void anEmptyRunHasAReport() throws IOException {
    Results none = new Results(DemoRun.settings(), List.of(), List.of());

    assertThat(html(none, WITHOUT_TIMES))
        .contains("No picture is explained yet", "Unfinished: 60 of 60 pictures");
  }

  @Test
  void aLostFolderIsOneLine() {
    Path lost = folder.resolve("lost");
    assertThatThrownBy(
            () ->
                Report.write(
                    lost, new Results(DemoRun.settings(), List.of(), List.of()), WITHOUT_TIMES))
        .isInstanceOf(IOException.class)
        .hasMessage(lost.resolve("report.json") + ": its folder does not exist; create it");
  }

  @Test
  void anotherReportOfThatNameIsReplacedAsAWhole() throws IOException {
    Files.writeString(folder.resolve("report.html"), "old");
    Results small = new Results(DemoRun.settings(), DemoRun.outcomes("x"), List.of());
    assertThat(html(small, WITHOUT_TIMES)).startsWith("<!doctype html>");
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(3);
    }
  }
}
