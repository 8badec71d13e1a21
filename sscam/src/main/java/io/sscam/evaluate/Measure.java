package io.sscam.evaluate;

import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * What is averaged over the pictures. Shares are given in percent, as the papers do; a picture
 * whose outcome does not define the value is left out of that mean.
 */
public enum Measure {
  /** 100 · max(0, Y − O) / Y; a class of probability 0 cannot drop. Chattopadhay et al. 2018. */
  AVERAGE_DROP("average-drop", "Average Drop", "%", Better.LOWER, o -> of(100 * drop(o))),
  /** 100 where Y &lt; O, else 0. Chattopadhay et al. 2018. */
  AVERAGE_INCREASE(
      "average-increase",
      "Average Increase",
      "%",
      Better.HIGHER,
      o -> of(o.probability() < o.explainedProbability() ? 100 : 0)),
  /** Energy inside the boxes, over all pictures with boxes. Wang et al. 2020 (Score-CAM). */
  POINTING("pointing", "Pointing game, all", "%", Better.HIGHER, o -> percent(o.pointing())),
  /** The same over the pictures that the network classifies correctly. */
  POINTING_CORRECT(
      "pointing-correct",
      "Pointing game, correct",
      "%",
      Better.HIGHER,
      o -> o.correct() ? percent(o.pointing()) : OptionalDouble.empty()),
  /** Area under the deletion curve. Petsiuk et al. 2018 (RISE). */
  DELETION("deletion", "Deletion AUC", "", Better.LOWER, Outcome::deletion),
  /** Area under the insertion curve. Petsiuk et al. 2018 (RISE). */
  INSERTION("insertion", "Insertion AUC", "", Better.HIGHER, Outcome::insertion),
  /** The harmonic mean of coherency, 1 − complexity and 1 − drop. Poppi et al. 2021. */
  ADCC("adcc", "ADCC", "%", Better.HIGHER, Measure::adcc),
  /** exp of the entropy of the channel weights, where the method has some. */
  EFFECTIVE_CHANNELS(
      "effective-channels",
      "Effective channels",
      "",
      Better.NEITHER,
      o -> o.effectiveChannels() > 0 ? of(o.effectiveChannels()) : OptionalDouble.empty()),
  /** Wall-clock time of a map. */
  SECONDS("seconds", "Seconds a picture", "s", Better.LOWER, o -> of(o.seconds()));

  /** Which way is better. */
  public enum Better {
    LOWER,
    HIGHER,
    NEITHER
  }

  private final String id;
  private final String title;
  private final String unit;
  private final Better better;

  @SuppressWarnings("ImmutableEnumChecker") // functions without state
  private final Function<Outcome, OptionalDouble> value;

  Measure(
      String id,
      String title,
      String unit,
      Better better,
      Function<Outcome, OptionalDouble> value) {
    this.id = id;
    this.title = title;
    this.unit = unit;
    this.better = better;
    this.value = value;
  }

  /** The name in files: {@code average-drop}. */
  public String id() {
    return id;
  }

  /** The name in reports: {@code Average Drop}. */
  public String title() {
    return title;
  }

  /** {@code %}, {@code s} or nothing. */
  public String unit() {
    return unit;
  }

  public Better better() {
    return better;
  }

  /** The value of one outcome, empty where it has none. */
  public OptionalDouble of(Outcome outcome) {
    return value.apply(outcome);
  }

  private static OptionalDouble of(double value) {
    return OptionalDouble.of(value);
  }

  private static OptionalDouble percent(OptionalDouble share) {
    return share.isPresent() ? of(100 * share.getAsDouble()) : share;
  }

  private static double drop(Outcome o) {
    return o.probability() > 0
        ? Math.max(0, o.probability() - o.explainedProbability()) / o.probability()
        : 0;
  }

  private static OptionalDouble adcc(Outcome o) {
    if (o.coherency().isEmpty()) {
      return OptionalDouble.empty();
    }
    double coherency = o.coherency().getAsDouble();
    double simplicity = 1 - o.complexity();
    double hold = 1 - drop(o);
    boolean none = coherency == 0 || simplicity == 0 || hold == 0; // the mean's limit is 0 then
    return of(none ? 0 : 100 * 3 / (1 / coherency + 1 / simplicity + 1 / hold));
  }
}
