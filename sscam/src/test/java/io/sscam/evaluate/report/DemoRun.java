package io.sscam.evaluate.report;

import io.sscam.evaluate.Outcome;
import io.sscam.evaluate.ResultLog;
import io.sscam.evaluate.Results;
import io.sscam.evaluate.RunSettings;
import io.sscam.evaluate.Skipped;
import io.sscam.evaluate.Variant;
import io.sscam.nets.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/**
 * A made-up run with everything that a report can show, and a program that writes its report to a
 * folder to be looked at: the argument names it.
 */
public final class DemoRun {
  static final int PICTURES = 60;
  private static final String SHA = "0123456789abcdef".repeat(4);
  private static final int SIDE = 7;

  private DemoRun() {}

  /** Writes the demo's log and report into the folder that is named. */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    Path log = folder.resolve("demo.jsonl");
    Files.deleteIfExists(log);
    write(log, pictures());
    Report.write(
        folder,
        ResultLog.read(log),
        Report.Options.here(DemoRun::picture, Optional.of(Instant.parse("2026-01-02T03:04:05Z"))));
  }

  static List<String> pictures() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < PICTURES; i++) {
      ids.add("2008_%06d".formatted(1000 + 37 * i));
    }
    return ids;
  }

  /** Logs the pictures in the given order. */
  static void write(Path log, List<String> pictures) throws IOException {
    try (ResultLog open = ResultLog.resume(log, settings())) {
      for (String picture : pictures) {
        if (!open.contains(picture)) {
          Optional<String> reason = skipped(picture);
          if (reason.isPresent()) {
            open.append(new Skipped(picture, reason.get()));
          } else {
            open.append(outcomes(picture));
          }
        }
      }
    }
  }

  static Results results() {
    List<Outcome> outcomes = new ArrayList<>();
    List<Skipped> skipped = new ArrayList<>();
    for (String picture : pictures()) {
      skipped(picture)
          .ifPresentOrElse(
              reason -> skipped.add(new Skipped(picture, reason)),
              () -> outcomes.addAll(outcomes(picture)));
    }
    return new Results(settings(), outcomes, skipped);
  }

  static Optional<String> skipped(String picture) {
    return switch (Math.floorMod(picture.hashCode(), 19)) {
      case 3 -> Optional.of("the picture cannot be decoded: premature end of the file");
      case 5 -> Optional.of("no class of the network belongs to its label <sofa & chair>");
      default -> Optional.empty();
    };
  }

  static RunSettings settings() {
    List<Variant> variants = new ArrayList<>();
    for (double sigma : new double[] {0.5, 1, 2, 4}) {
      variants.add(ssCam(sigma, 10, 1));
    }
    variants.add(0, variants.remove(2)); // σ = 2 is the base
    variants.add(ssCam(2, 2, 1));
    variants.add(ssCam(2, 35, 1));
    variants.add(ssCam(2, 10, 2));
    variants.add(ssCam(2, 10, 3));
    variants.add(ofChannels(64));
    variants.add(ofChannels(128));
    variants.add(method("Score-CAM", "score-cam", false));
    variants.add(method("Grad-CAM", "grad-cam", false));
    variants.add(method("Grad-CAM++", "grad-cam-plus-plus", false));
    variants.add(method("Mean activation", Variant.MEAN_ACTIVATION, true));
    variants.add(method("Uniform", "uniform", true));
    variants.add(method("Centred Gaussian", "centred-gaussian", true));
    variants.add(method("Random channel weights", "random-weights", true));
    return new RunSettings(
        "sscam-engine 0.1.0",
        new RunSettings.Data("PASCAL VOC 2012", "val", PICTURES, SHA, SHA, PICTURES, 7L),
        new RunSettings.Model(
            "resnet18", SHA, SHA, "layer4", 224, 224, "stretch", "fp32", "cpu (16 threads)"),
        "label",
        variants,
        List.of("drop", "pointing", "deletion", "insertion", "adcc"),
        RunSettings.Shard.whole(PICTURES),
        "java -jar sscam-engine.jar evaluate voc2012 --split val --network resnet18 --limit 60"
            + " --sigma 0.5,1,2,4 --samples 2,10,35 --seeds 3 --top-channels 64,128,all");
  }

  private static Variant ssCam(double sigma, int samples, long seed) {
    String id = "ss-cam/default/sigma=%s/n=%d/seed=%d".formatted(sigma, samples, seed);
    String title = "SS-CAM, σ = %s, N = %d".formatted(Numbers.plain(sigma), samples);
    return new Variant(id, title, "ss-cam", "default", sigma, samples, null, seed, false);
  }

  private static Variant ofChannels(int top) {
    String id = "ss-cam/default/sigma=2/n=10/top=%d/seed=1".formatted(top);
    String title = "SS-CAM, σ = 2, N = 10, %d channels".formatted(top);
    return new Variant(id, title, "ss-cam", "default", 2.0, 10, top, 1, false);
  }

  private static Variant method(String title, String method, boolean control) {
    return new Variant(method, title, method, null, null, null, null, 1, control);
  }

  static List<Outcome> outcomes(String picture) {
    SplittableRandom shared = new SplittableRandom(picture.hashCode());
    double easy = shared.nextDouble();
    double probability = 0.2 + 0.75 * easy;
    double box = 0.15 + 0.5 * shared.nextDouble();
    double x = 1 + 4 * shared.nextDouble();
    double y = 1 + 4 * shared.nextDouble();
    boolean correct = shared.nextInt(5) > 0;
    List<Outcome> all = new ArrayList<>();
    for (Variant variant : settings().variants()) {
      all.add(outcome(picture, variant, probability, easy, box, x, y, correct));
    }
    return all;
  }

  private static Outcome outcome(
      String picture,
      Variant variant,
      double probability,
      double easy,
      double box,
      double x,
      double y,
      boolean correct) {
    SplittableRandom random = new SplittableRandom(picture.hashCode() * 31L + variant.hashCode());
    double skill = skill(variant);
    boolean blank = variant.method().equals("grad-cam") && random.nextInt(25) == 0;
    float[] map = blank ? new float[SIDE * SIDE] : map(random, skill, x, y);
    double hold = clamp(0.3 + 0.4 * skill + 0.3 * random.nextDouble());
    double pointing = clamp(box + (1 - box) * skill * (0.3 + 0.5 * random.nextDouble()));
    return new Outcome(
        picture,
        variant.id(),
        3,
        "great white shark",
        correct,
        probability,
        clamp(probability * hold * (0.7 + 0.9 * random.nextDouble())),
        blank ? OptionalDouble.empty() : OptionalDouble.of(pointing),
        OptionalDouble.of(box),
        OptionalDouble.of(clamp(0.3 - 0.2 * skill + 0.1 * random.nextDouble())),
        OptionalDouble.of(clamp(0.3 + 0.3 * skill + 0.2 * easy)),
        OptionalDouble.of(clamp(0.5 + 0.4 * random.nextDouble())),
        clamp(0.5 - 0.3 * skill),
        variant.method().equals("uniform") ? 0 : 100 + 300 * random.nextDouble(),
        blank,
        variant.seed(),
        SIDE,
        SIDE,
        map,
        variant.control() ? 0.01 : 2 + random.nextDouble(),
        variant.samples() == null ? 1 : 512L * variant.samples());
  }

  private static double skill(Variant variant) {
    if (variant.control()) {
      return variant.method().equals(Variant.MEAN_ACTIVATION) ? 0.35 : 0.1;
    }
    Double sigma = variant.sigma();
    Integer samples = variant.samples();
    double noise = sigma == null ? 0.1 : Math.abs(Math.log(sigma / 1.5)) / 6;
    return 0.6 - noise + (samples == null ? 0 : Math.log(samples) / 60);
  }

  private static float[] map(SplittableRandom random, double skill, double x, double y) {
    float[] map = new float[SIDE * SIDE];
    for (int i = 0; i < map.length; i++) {
      int row = i / SIDE;
      double dx = i % SIDE - x;
      double dy = row - y;
      double hill = Math.exp(-(dx * dx + dy * dy) / 4);
      map[i] = (float) Math.max(0, skill * hill + (1 - skill) * 0.3 * random.nextDouble());
    }
    return map;
  }

  private static double clamp(double value) {
    return Math.max(0, Math.min(1, value));
  }

  /** A made-up picture, a disc on a slope; of every seventh nothing is left. */
  static Optional<RgbImage> picture(String id) {
    if (Math.floorMod(id.hashCode(), 7) == 0) {
      return Optional.empty();
    }
    boolean tall = Math.floorMod(id.hashCode(), 3) == 0;
    int width = tall ? 120 : 160;
    int height = tall ? 160 : 120;
    SplittableRandom random = new SplittableRandom(id.hashCode());
    random.nextDouble();
    random.nextDouble();
    double x = (1.5 + 4 * random.nextDouble()) * width / SIDE;
    double y = (1.5 + 4 * random.nextDouble()) * height / SIDE;
    byte[] samples = new byte[width * height * 3];
    for (int i = 0; i < width * height; i++) {
      int row = i / width;
      double distance = Math.hypot(i % width - x, row - y);
      int at = i * 3;
      samples[at] = (byte) (distance < 25 ? 220 : 60 + i % width / 2);
      samples[at + 1] = (byte) (distance < 25 ? 190 : 110);
      samples[at + 2] = (byte) (distance < 25 ? 90 : 150 - row / 2);
    }
    return Optional.of(RgbImage.wrap(width, height, samples));
  }
}
