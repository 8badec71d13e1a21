package io.sscam.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sscam.evaluate.ResultLog;
import io.sscam.evaluate.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code evaluate} and {@code report}, from the command line to the files. */
final class EvaluateTest {
  private static final String LOG = "results.jsonl";

  @TempDir private Path temp;
  private Path out;
  private Path set;

  /** Five pictures of which one is broken, one missing, and one of a class the net lacks. */
  @BeforeEach
  void pictures() throws IOException {
    out = temp.resolve("out");
    set = Files.createDirectory(temp.resolve("set"));
    Pictures.good(set, "a.png");
    Pictures.good(set, "b.png");
    Pictures.good(set, "c.png");
    Files.writeString(set.resolve("broken.jpg"), "no picture");
    Files.writeString(
        set.resolve("labels.csv"),
        """
        file,class,xmin,ymin,xmax,ymax
        a.png,cat,0,0,20,20
        b.png,dog,5,5,30,30
        c.png,teapot,0,0,9,9
        broken.jpg,cat,0,0,9,9
        gone.png,cat,0,0,9,9
        """);
  }

  private Cli.Outcome evaluate(Path folder, Object... more) {
    List<Object> args =
        new ArrayList<>(List.of("evaluate", set, "--size", "32x32", "--out", folder));
    List<Object> given = List.of(more);
    if (!given.contains("--methods")) {
      args.addAll(List.of("--methods", "cam,grad-cam++"));
    }
    args.addAll(given);
    return Cli.run(args.toArray());
  }

  @Test
  void everyPictureIsExplainedOrSkippedWithItsReason() throws IOException {
    Cli.Outcome outcome =
        evaluate(out, "--metrics", "pointing,deletion,insertion,adcc").succeeded();
    assertThat(outcome.out()).contains("2 pictures explained", "3 skipped", "report.html");
    assertThat(outcome.out()).contains("  1: none of its labels is a class of the net");
    assertThat(outcome.out().lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(101));
    assertThat(Cli.files(out))
        .containsExactly("report.csv", "report.html", "report.json", "results.jsonl");
    JsonNode report = new ObjectMapper().readTree(out.resolve("report.json").toFile());
    assertThat(report.toString())
        .contains("gone.png", "broken.jpg", "c.png", "none of its labels is a class of the net");
    assertThat(Files.readString(out.resolve("report.csv")).lines().count())
        .as("a header, two methods, four controls")
        .isEqualTo(7);
    assertThat(Files.readString(out.resolve("report.html")))
        .contains("<svg", "Grad-CAM++", "Mean activation")
        .doesNotContain("<script src", "<link");
  }

  @Test
  void aRunThatWasKilledGoesOnAndGivesTheSameReport() throws IOException {
    evaluate(out).succeeded();
    byte[] log = Files.readAllBytes(out.resolve(LOG));
    for (int part : new int[] {0, 1, 100, log.length / 2, log.length - 1}) {
      Path again = temp.resolve("again" + part);
      Files.createDirectory(again);
      Files.write(again.resolve(LOG), Arrays.copyOf(log, part), StandardOpenOption.CREATE);
      evaluate(again, "--resume").succeeded();
      assertThat(timeless(List.of(again))).isEqualTo(timeless(List.of(out)));
    }
  }

  @Test
  void shardsGiveTheWhole() throws IOException {
    evaluate(out, "--methods", "ss-cam", "--samples", "1", "--shuffle-seed", "3").succeeded();
    List<Path> parts = new ArrayList<>();
    for (int i = 1; i <= 2; i++) {
      Path part = temp.resolve("part" + i);
      String[] shard = {"--shard", i + "/2"};
      evaluate(
              part,
              "--methods",
              "ss-cam",
              "--samples",
              "1",
              "--shuffle-seed",
              "3",
              shard[0],
              shard[1])
          .succeeded();
      parts.add(part);
    }
    assertThat(timeless(parts)).isEqualTo(timeless(List.of(out)));
    Path all = temp.resolve("all");
    Path half = temp.resolve("half");
    assertThat(Cli.run("report", parts.get(0).resolve(LOG), "--out", half).succeeded().out())
        .contains("Only shard 1 of 2");
    Cli.run("report", parts.get(0).resolve(LOG), parts.get(1).resolve(LOG))
        .refused(ExitCode.WRONG_USE, "--out");
    Cli.Outcome joined =
        Cli.run("report", parts.get(0).resolve(LOG), parts.get(1).resolve(LOG), "--out", all);
    assertThat(joined.succeeded().out())
        .contains("without pictures: name the data set with --data");
    assertThat(Cli.files(all)).containsExactly("report.csv", "report.html", "report.json");
    Cli.run("report", parts.get(0).resolve(LOG), parts.get(0).resolve(LOG), "--out", all)
        .refused(ExitCode.BAD_INPUT, "results.jsonl");
  }

  @Test
  void aReportLiesBesideItsLog() throws IOException {
    evaluate(out, "--methods", "cam").succeeded();
    Files.delete(out.resolve("report.html"));
    assertThat(Cli.run("report", out.resolve(LOG)).succeeded().out())
        .contains(out.resolve("report.html").toString());
    assertThat(out.resolve("report.html")).exists();
  }

  @Test
  void anEvaluationOfNothingFailed() throws IOException {
    Path map = Files.writeString(temp.resolve("map.json"), "{\"ct\": [1]}");
    Cli.Outcome outcome = evaluate(out, "--methods", "cam", "--label-map", map);
    assertThat(outcome.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(outcome.err())
        .contains(
            "error: no picture was explained, 3 of them since none of its labels", "label map");
    assertThat(Cli.files(out)).contains("report.html", LOG);
  }

  @Test
  void numbersOfChannelsAreVariants() throws IOException {
    String[] methods = {"--methods", "score-cam,ss-cam", "--samples", "1"};
    evaluate(out, methods[0], methods[1], methods[2], methods[3], "--top-channels", "2,all")
        .succeeded();
    assertThat(Files.readString(out.resolve("report.csv")).lines())
        .anyMatch(line -> line.startsWith("score-cam/top=2,"))
        .anyMatch(line -> line.startsWith("score-cam,Score-CAM,"))
        .anyMatch(line -> line.startsWith("ss-cam/default/sigma=1/n=1/top=2/seed=0,"))
        .anyMatch(line -> line.startsWith("ss-cam/default/sigma=1/n=1/seed=0,"));
    assertThat(Files.readString(out.resolve("report.html"))).contains("Score-CAM K=2");
    evaluate(out, methods[0], methods[1], methods[2], methods[3], "--resume", "--quiet")
        .refused(ExitCode.BAD_INPUT, "score-cam here and score-cam/top=2 there");
  }

  @Test
  void theDemoSetsPicturesNeedNoNaming() {
    Path demo = temp.resolve("demo-run");
    Cli.run("evaluate", "demo", "--methods", "cam", "--limit", 2, "--out", demo).succeeded();
    Path again = temp.resolve("again");
    Cli.run("report", demo.resolve(LOG), "--out", again).succeeded();
    assertThat(again.resolve("report.html"))
        .content()
        .contains("src=\"data:image/")
        .doesNotContain("not at hand");
  }

  /** The report without times, pictures and command, which name the folders. */
  private List<String> timeless(List<Path> folders) throws IOException {
    List<Path> logs = folders.stream().map(folder -> folder.resolve(LOG)).toList();
    Path folder = Files.createTempDirectory(temp, "report");
    Report.write(
        folder,
        logs.size() == 1 ? ResultLog.read(logs.get(0)) : ResultLog.merge(logs),
        new Report.Options(id -> Optional.empty(), new TreeMap<>(), Optional.empty()));
    List<String> texts = new ArrayList<>();
    for (String name : List.of("report.html", "report.json", "report.csv")) {
      texts.add(
          Files.readString(folder.resolve(name)).replaceAll("sscam-engine evaluate [^<\"]*", ""));
    }
    return texts;
  }

  @Test
  void aLogIsNotOverwritten() {
    evaluate(out).succeeded();
    evaluate(out, "--quiet").refused(ExitCode.BAD_INPUT, LOG, "resume");
    evaluate(out, "--quiet", "--resume", "--limit", "2")
        .refused(ExitCode.BAD_INPUT, LOG, "settings", "data.pictures");
  }

  @Test
  void theNetsOwnClassCanBeExplained() throws IOException {
    evaluate(out, "--target", "top").succeeded();
    assertThat(ResultLog.read(out.resolve(LOG)).outcomes())
        .anyMatch(outcome -> outcome.picture().equals("c.png"));
  }

  @Test
  void aLabelMapJoinsOtherNames() throws IOException {
    Path map = Files.writeString(temp.resolve("map.json"), "{\"teapot\": [1], \"cat\": []}");
    evaluate(out, "--label-map", map).succeeded();
    assertThat(ResultLog.read(out.resolve(LOG)).outcomes())
        .isNotEmpty()
        .allMatch(outcome -> outcome.picture().equals("c.png") && outcome.classIndex() == 1);
    Path wrong = Files.writeString(temp.resolve("wrong.json"), "{\"teapot\": [20]}");
    evaluate(temp.resolve("other"), "--label-map", wrong)
        .refusedWithout(temp.resolve("other"), ExitCode.BAD_INPUT, "wrong.json", "0 to 19");
  }

  @Test
  void wrongUseIsRefusedBeforeAnythingIsMade() {
    evaluate(out, "--methods", "lime").refusedWithout(out, ExitCode.WRONG_USE, "lime");
    evaluate(out, "--shard", "3/2").refusedWithout(out, ExitCode.WRONG_USE, "--shard", "3/2");
    evaluate(out, "--shard", "x").refusedWithout(out, ExitCode.WRONG_USE, "--shard");
    evaluate(out, "--limit", "0").refusedWithout(out, ExitCode.WRONG_USE, "--limit");
    evaluate(out, "--seeds", "0").refusedWithout(out, ExitCode.WRONG_USE, "--seeds");
    evaluate(out, "--samples", "0", "--methods", "ss-cam")
        .refusedWithout(out, ExitCode.WRONG_USE, "samples");
    evaluate(out, "--presets", "best").refusedWithout(out, ExitCode.WRONG_USE, "best");
    evaluate(out, "--metrics", "iou").refusedWithout(out, ExitCode.WRONG_USE, "iou", "pointing");
    evaluate(out, "--split", "test").refusedWithout(out, ExitCode.BAD_INPUT, "has no splits");
    Cli.run("evaluate", temp.resolve("nowhere"), "--out", out)
        .refusedWithout(out, ExitCode.BAD_INPUT, "nowhere", "no such folder");
    Cli.run("evaluate").refused(ExitCode.WRONG_USE, "DATASET");
    Cli.run("report", temp.resolve("none.jsonl"), "--out", out)
        .refusedWithout(out, ExitCode.BAD_INPUT, "none.jsonl");
  }

  @Test
  void theDemoSetIsInTheJar() throws IOException {
    Cli.run(
            "evaluate",
            "demo",
            "--quiet",
            "--limit",
            "2",
            "--size",
            "64x64",
            "--methods",
            "cam",
            "--out",
            out)
        .succeeded();
    assertThat(ResultLog.read(out.resolve(LOG)).outcomes()).hasSize(2 * 5);
  }
}
