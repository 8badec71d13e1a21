package io.sscam.bench.cli;

import static io.sscam.bench.cli.ExitCode.DEVICE;
import static io.sscam.bench.cli.ExitCode.WRONG_USE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.sscam.kernels.cuda.driver.CudaLibraries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is asked for wrongly is refused in one line that says how to mend it. */
final class WrongUseTest {
  @TempDir private Path temp;
  private Path out;
  private Path photo;

  @BeforeEach
  void photo() throws IOException {
    out = temp.resolve("out");
    photo = Pictures.good(temp, "photo.png");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --method    | lime          | there is no method "lime"; use one of: cam
          --class     | 99            | there is no class 99: the net's classes are 0 to 19
          --class     | xylophone     | no class is called "xylophone"; did you mean
          --class     | c             | fits
          --class     | #21           | the net has 20
          --layer     | layer4        | layer4
          --layer     | classifier    | classifier
          --size      | 64            | --size is height x width, as in 224x224, not "64"
          --size      | 16x16         | --size must be from 32x32 to 4096x4096, not 16x16
          --size      | 224x99999     | --size must be from 32x32 to 4096x4096
          --batch     | 0             | batch must be from 1 to
          --batch     | many          | option '--batch': it must be a whole number, not "many"
          --threads   | 0             | threads
          --threads   | -2            | threads
          --threads   | 9999          | threads must be from 1 to 1024, not 9999
          --preprocess| crop          | use one of: imagenet, stretch
          --format    | gif           | use one of: png, json, npy
          --preset    | default       | --preset belongs to ss-cam, not to cam
          --samples   | 3             | --samples
          --sigma     | 3             | --sigma
          --top-channels | 3          | --top-channels
          """)
  void explainRefuses(String option, String value, String words) {
    Cli.explain(out, option, value, photo).refusedWithout(out, WRONG_USE, words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --preset     | mine  | there is no preset "mine"; use one of: default, paper
          --samples    | 0     | samples must be from 1 to
          --samples    | x     | option '--samples': it must be a whole number, not "x"
          --sigma      | -1    | sigma must be from 0 to
          --sigma      | NaN   | sigma must be from 0 to
          --noise      | loud  | use one of: none, masked-input, mask, activation
          --sigma-rule | x     | use one of: multiplier, absolute
          --aggregate  | min   | use one of: max, mean
          --score      | loss  | use one of: logit, probability
          --top-channels | 0   | '0' is neither a number from 1 on nor "all"
          --top-channels | few | 'few' is neither a number from 1 on nor "all"
          """)
  void ssCamRefuses(String option, String value, String words) {
    Cli.run("explain", "--quiet", "--size", "64x64", "--out", out, option, value, photo)
        .refusedWithout(out, WRONG_USE, words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cuda:x   | named by its number
          nonsense | use one of: cpu
          cpu:1    | use the device "cpu"
          """)
  void anUnknownDeviceIsTheDevicesFault(String device, String words) {
    Cli.explain(out, "--device", device, photo).refusedWithout(out, DEVICE, words);
  }

  @Test
  void aGpuThatIsNotHereIsNamedWithTheMend() {
    assumeFalse(CudaLibraries.complete(), "CUDA is installed here");
    Cli.explain(out, "--device", "cuda:0", photo)
        .refusedWithout(out, DEVICE, "is missing", "install", "SSCAM_CUDA_PATH");
  }

  @Test
  void thePrecisionsOfAGpuAreNotTheCpus() {
    Cli.explain(out, "--precision", "fp16", photo)
        .refusedWithout(out, WRONG_USE, "only; fp16 is there on", "cuda:0");
  }

  @Test
  void anUnknownModelIsNamed() {
    Cli.explain(out, "--model", "resnet50", photo)
        .refusedWithout(out, WRONG_USE, "resnet50", "resnet18");
  }

  @Test
  void unknownOptionsAndCommandsSuggestTheRightOnes() {
    Cli.run("explain", "--metod", "cam", photo).refused(WRONG_USE, "--metod", "--method");
    Cli.run("explane", photo).refused(WRONG_USE, "explane", "did you mean explain");
    Cli.run("weights", "pul").refused(WRONG_USE, "pul", "pull");
    Cli.run("weights", "pull", "alexnet").refused(WRONG_USE, "alexnet", "resnet18");
  }

  @Test
  void aPhotoIsNeeded() {
    Cli.explain(out).refusedWithout(out, WRONG_USE, "PHOTO");
    Cli.run("classify").refused(WRONG_USE, "PHOTO");
    Cli.run("compare").refused(WRONG_USE, "PHOTO");
  }

  @Test
  void classifyChecksItsNumbers() {
    Cli.run("classify", "--top", "0", photo).refused(WRONG_USE, "--top must be at least 1, not 0");
    Cli.run("classify", "--format", "xml", photo).refused(WRONG_USE, "use one of: text, json");
  }

  @Test
  void compareChecksItsMethods() {
    Object[] many = new Object[54];
    java.util.Arrays.fill(many, photo);
    many[0] = "compare";
    many[1] = "--out";
    many[2] = out;
    Cli.run(many).refusedWithout(out, WRONG_USE, "at most 50 photos", "51");
    Cli.run("compare", "--quiet", "--out", out, "--methods", "cam,lime", photo)
        .refusedWithout(out, WRONG_USE, "there is no method \"lime\"");
    Cli.run("compare", "--quiet", "--out", out, "--samples", "-3", photo)
        .refusedWithout(out, WRONG_USE, "samples must be from 1 to");
    Cli.run("compare", "--out", out, "--methods", "cam,score-cam", "--samples", "3", photo)
        .refusedWithout(out, WRONG_USE, "--samples belongs to ss-cam");
    Cli.run("compare", "--out", out, "--methods", "cam", "--top-channels", "3", photo)
        .refusedWithout(out, WRONG_USE, "--top-channels belongs to ss-cam and score-cam");
  }

  @Test
  void withoutNoiseThereIsOneSample() {
    Cli.run("explain", "--quiet", "--out", out, "--noise", "none", "--samples", "2", photo)
        .refusedWithout(out, WRONG_USE, "without noise all samples are the same: use 1, not 2");
    Object[] fewest = {"--size", "32x32", "--top-channels", "1", "--format", "json"};
    Cli.explain(
            out,
            "--method",
            "ss-cam",
            "--noise",
            "none",
            fewest[0],
            fewest[1],
            fewest[2],
            fewest[3],
            fewest[4],
            fewest[5],
            photo)
        .succeeded();
  }

  @Test
  void aSelfTestThatCouldNotBeWrittenIsNotRun() throws IOException {
    Path nowhere = temp.resolve("nowhere").resolve("x.json");
    Cli.run("selftest", "--device", "cpu", "--json", nowhere)
        .refused(WRONG_USE, nowhere.toString(), "its folder does not exist");
    Path gone = Files.createSymbolicLink(temp.resolve("link"), temp.resolve("gone"));
    Cli.Outcome outcome = Cli.run("selftest", "--device", "cpu", "--operations", "--json", gone);
    assertThat(outcome.err()).contains(gone.toString(), "is a link that leads nowhere");
    assertThat(outcome.code()).isEqualTo(WRONG_USE);
  }

  @Test
  void optionsWithoutEffectAreRefused() {
    Cli.explain(out, "--method", "score-cam", "--sigma", "3", photo)
        .refusedWithout(out, WRONG_USE, "have no effect without noise");
    Object[][] given = {
      {"--presets", "paper"}, {"--sigma", "1,2"}, {"--samples", "2"}, {"--seeds", "3"}
    };
    for (Object[] option : given) {
      Cli.run("evaluate", "demo", "--out", out, "--methods", "cam,score-cam", option[0], option[1])
          .refusedWithout(out, WRONG_USE, option[0] + " has no effect without ss-cam");
    }
    for (Object scored : new Object[] {"sscam", "ALL"}) {
      Cli.run("evaluate", temp, "--methods", scored, "--samples", "2", "--top-channels", "3")
          .refused(ExitCode.BAD_INPUT, temp.toString()); // no data set, but the options are well
    }
    Cli.run("evaluate", "demo", "--out", out, "--methods", "cam", "--top-channels", "3")
        .refusedWithout(out, WRONG_USE, "--top-channels has no effect without ss-cam or score-cam");
  }

  @Test
  void anUnknownOptionIsNamedBeforeAMissingPhoto() {
    Cli.run("explain", "--foo").refused(WRONG_USE, "unknown option: '--foo'");
  }

  @Test
  void operationsHaveNoPrecision() {
    Cli.run("selftest", "--device", "cpu", "--operations", "--precision", "bf16")
        .refused(WRONG_USE, "--precision", "--operations");
  }

  @Test
  void anOutputFolderThatCannotBeIsNamed() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "in the way");
    Cli.explain(file, photo).refused(WRONG_USE, file.toString(), "a file", "--out");
    Path under = file.resolve("deep").resolve("er");
    Cli.explain(under, photo).refused(WRONG_USE, under.toString(), "--out");
    Cli.explain(Path.of("/proc/nowhere"), photo).refused(WRONG_USE, "/proc/nowhere", "--out");
    assertThat(file).hasContent("in the way");
  }

  @Test
  void aFolderInAResultsPlaceIsNamedOnce() throws IOException {
    Path taken = Files.createDirectories(out.resolve("photo.cam.png"));
    Cli.Outcome outcome = Cli.explain(out, photo).refused(WRONG_USE, taken + ": is a folder");
    assertThat(outcome.err()).containsOnlyOnce(taken.toString());
    assertThat(Cli.files(out)).containsExactly("photo.cam.png");
  }

  @Test
  void twoPhotosOfOneNameWouldOverwriteEachOther() throws IOException {
    Path other = Pictures.good(Files.createDirectory(temp.resolve("other")), "photo.jpg");
    Cli.explain(out, photo, other)
        .refusedWithout(out, WRONG_USE, photo.toString(), other.toString(), "photo.cam.*");
  }

  @Test
  void verboseShowsTheStackTrace() {
    Cli.Outcome outcome = Cli.explain(out, "--verbose", "--layer", "nowhere", photo);
    assertThat(outcome.code()).isEqualTo(WRONG_USE);
    assertThat(outcome.err()).startsWith("error: ").contains("\tat io.sscam");
  }
}
