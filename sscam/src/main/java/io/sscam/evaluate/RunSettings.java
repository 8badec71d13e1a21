package io.sscam.evaluate;

import io.sscam.nets.Preprocess;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that fixes the results of an evaluation. A log goes on only under the same settings,
 * and logs merge only when their settings differ in nothing but the shard; the command is kept to
 * be read and is not compared.
 *
 * @param program name and version of what computed it
 * @param data which pictures
 * @param model which network
 * @param target which class is explained: {@code top} or {@code label}
 * @param variants in the order in which reports list them; the first that is no control is the base
 *     that others are compared with
 * @param metrics which were measured: {@code drop}, {@code pointing}, {@code deletion}, …
 * @param shard which part of the pictures
 * @param command the command line that repeats the run
 */
public record RunSettings(
    String program,
    Data data,
    Model model,
    String target,
    List<Variant> variants,
    List<String> metrics,
    Shard shard,
    String command) {

  static final int MOST_VARIANTS = 1000;
  static final int LONGEST_COMMAND = 1 << 16;

  /**
   * The pictures of all shards together.
   *
   * @param name of the data set
   * @param split of it, where it has some
   * @param pictures how many were chosen
   * @param picturesSha256 digest of their ids, in order
   * @param labelMapSha256 digest of the table that joins the data set's classes to the network's
   * @param limit the most pictures asked for
   * @param shuffleSeed of the order in which they were drawn
   */
  public record Data(
      String name,
      @Nullable String split,
      int pictures,
      String picturesSha256,
      @Nullable String labelMapSha256,
      @Nullable Integer limit,
      @Nullable Long shuffleSeed) {

    public Data {
      Checks.name("data.name", name);
      if (split != null) {
        Checks.name("data.split", split);
      }
      Checks.within("data.pictures", pictures, 0, Integer.MAX_VALUE);
      Checks.sha256("data.picturesSha256", picturesSha256);
      if (labelMapSha256 != null) {
        Checks.sha256("data.labelMapSha256", labelMapSha256);
      }
      if (limit != null) {
        Checks.within("data.limit", limit, 1, Integer.MAX_VALUE);
      }
    }
  }

  /**
   * The network and how it was run.
   *
   * @param network its id
   * @param weightsSha256 digest of the parameters, {@link io.sscam.Classifier#weightsDigest}: the
   *     same in any kind of file, so not that of the file
   * @param classNamesSha256 digest of the class names, in order
   * @param layer the target layer
   * @param inputHeight H, at most 4096
   * @param inputWidth W, likewise
   * @param preprocessing {@code imagenet} or {@code stretch}
   * @param precision of the forward passes
   * @param device where they ran
   */
  public record Model(
      String network,
      String weightsSha256,
      String classNamesSha256,
      String layer,
      int inputHeight,
      int inputWidth,
      String preprocessing,
      String precision,
      String device) {
    private static final int LARGEST_INPUT = 4096;
    private static final List<String> PREPROCESSINGS =
        Stream.of(Preprocess.Mode.values())
            .map(mode -> mode.name().toLowerCase(Locale.ROOT))
            .toList();

    public Model {
      Checks.name("model.network", network);
      Checks.sha256("model.weightsSha256", weightsSha256);
      Checks.sha256("model.classNamesSha256", classNamesSha256);
      Checks.name("model.layer", layer);
      Checks.within("model.inputHeight", inputHeight, 1, LARGEST_INPUT);
      Checks.within("model.inputWidth", inputWidth, 1, LARGEST_INPUT);
      Checks.oneOf("model.preprocessing", preprocessing, PREPROCESSINGS);
      Checks.name("model.precision", precision);
      Checks.name("model.device", device);
    }
  }

  /**
   * A part of the pictures.
   *
   * @param index 1 to count, as users write it: shard 2/4
   * @param count how many parts there are
   * @param pictures how many fall into this part
   */
  public record Shard(int index, int count, int pictures) {

    public Shard {
      Checks.within("shard.count", count, 1, 1 << 16);
      Checks.within("shard.index", index, 1, count);
      Checks.within("shard.pictures", pictures, 0, Integer.MAX_VALUE);
    }

    /** All pictures in one part. */
    public static Shard whole(int pictures) {
      return new Shard(1, 1, pictures);
    }

    @Override
    public String toString() {
      return index + "/" + count;
    }
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one is out of its range, or a variant's id is given twice
   */
  public RunSettings {
    Checks.name("program", program);
    if (!target.equals("top") && !target.equals("label")) {
      throw new IllegalArgumentException("target is top or label, not " + target);
    }
    variants = List.copyOf(variants);
    metrics = List.copyOf(metrics);
    Checks.within("the number of variants", variants.size(), 1, MOST_VARIANTS);
    Checks.distinct("variants' ids", variants.stream().map(Variant::id).toList());
    Checks.within("the number of metrics", metrics.size(), 0, MOST_VARIANTS);
    metrics.forEach(metric -> Checks.name("a metric", metric));
    Checks.distinct("metrics", metrics);
    Checks.within("the command's length", command.length(), 0, LONGEST_COMMAND);
    if (shard.pictures() > data.pictures()
        || (shard.count() == 1 && shard.pictures() != data.pictures())) {
      throw new IllegalArgumentException(
          "shard %s cannot hold %d of %d pictures"
              .formatted(shard, shard.pictures(), data.pictures()));
    }
  }

  /** The variant of an id, if the run has it. */
  public Optional<Variant> variant(String id) {
    return variants.stream().filter(variant -> variant.id().equals(id)).findFirst();
  }

  /** The variant that others are compared with: the first that is no control, or else the first. */
  public Variant base() {
    return variants.stream().filter(v -> !v.control()).findFirst().orElse(variants.get(0));
  }

  /** These settings for all shards together. */
  RunSettings whole() {
    return new RunSettings(
        program, data, model, target, variants, metrics, Shard.whole(data.pictures()), command);
  }

  /**
   * The first setting in which another run differs, the command left aside: {@code model.layer is
   * layer4 here and layer3 there}.
   *
   * @param withShard whether the shard counts too
   */
  public Optional<String> firstDifference(RunSettings other, boolean withShard) {
    return SettingsJson.firstDifference(this, other, withShard);
  }

  /** The ids of all variants. */
  Set<String> variantIds() {
    Set<String> ids = new HashSet<>();
    variants.forEach(variant -> ids.add(variant.id()));
    return ids;
  }
}
