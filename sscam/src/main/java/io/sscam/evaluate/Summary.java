package io.sscam.evaluate;

import io.sscam.metrics.Interval;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What a report says in numbers. A function of the results alone: the order of the log, the shards
 * and interruptions leave no trace in it.
 *
 * @param settings of the run
 * @param total pictures of the run; explained + skipped + pending
 * @param explained pictures with outcomes
 * @param correct explained pictures that the network classifies correctly, by the first variant
 * @param pending pictures that an unfinished run has not come to
 * @param skipped pictures without outcomes, by id
 * @param reasons how many were skipped for each reason
 * @param boxShare the share of the input inside the boxes, in percent: the pointing game's score of
 *     a uniform map; empty without boxes
 * @param labels the name of each variant in reports, by id; no two are the same
 * @param rows one a variant, in the settings' order
 * @param differences from the base and from mean activation, on the same pictures
 * @param agreements how alike maps are that differ in seed, N or the number of channels alone
 */
public record Summary(
    RunSettings settings,
    int total,
    int explained,
    int correct,
    int pending,
    List<Skipped> skipped,
    SortedMap<String, Integer> reasons,
    Optional<Interval> boxShare,
    Map<String, String> labels,
    List<Row> rows,
    List<Difference> differences,
    List<Agreement> agreements) {

  /**
   * One variant over all pictures.
   *
   * @param means what was measured; a measure without any value is not there
   * @param blank pictures whose map is all zeros
   * @param forwardPasses of the net, for all pictures together
   */
  public record Row(Variant variant, Map<Measure, Interval> means, int blank, long forwardPasses) {

    /** A mean, if it was measured. */
    public Optional<Interval> mean(Measure measure) {
      return Optional.ofNullable(means.get(measure));
    }
  }

  /**
   * A variant less another on the same pictures.
   *
   * @param difference the mean of variant − against, in the measure's unit
   * @param wins pictures on which the variant is the better one; 0 where neither way is better
   * @param ties pictures on which both are equal
   * @param losses pictures on which the other is the better one
   */
  public record Difference(
      Measure measure,
      Variant variant,
      Variant against,
      Interval difference,
      int wins,
      int ties,
      int losses) {

    /** Whether the interval leaves out zero. */
    public boolean clear() {
      return difference.low() > 0 || difference.high() < 0;
    }
  }

  /** What the maps of an agreement differ in. */
  public enum Kind {
    SEED,
    SAMPLES,
    CHANNELS
  }

  /**
   * How alike maps are that should be alike.
   *
   * @param kind what they differ in
   * @param variants that are compared, pair by pair
   * @param spearman mean rank correlation over the pictures; blank maps have none
   */
  public record Agreement(Kind kind, List<Variant> variants, Interval spearman) {}

  /** Summarises results. */
  public static Summary of(Results results) {
    return Summariser.summarise(results);
  }

  /** The row of a variant. */
  public Row row(Variant variant) {
    return rows.stream().filter(row -> row.variant().equals(variant)).findFirst().orElseThrow();
  }

  /** The name of a variant in reports. */
  public String label(Variant variant) {
    String label = labels.get(variant.id());
    return label == null ? variant.id() : label;
  }

  /** The control of mean activation, if the run has it. */
  public Optional<Variant> meanActivation() {
    return settings.variants().stream()
        .filter(variant -> variant.control() && variant.method().equals(Variant.MEAN_ACTIVATION))
        .findFirst();
  }

  /** The measures that some variant has, in their order. */
  public List<Measure> measures() {
    return List.of(Measure.values()).stream()
        .filter(measure -> rows.stream().anyMatch(row -> row.means().containsKey(measure)))
        .toList();
  }
}
