package io.sscam.evaluate;

import java.util.List;

/**
 * What a log holds.
 *
 * @param settings of the run
 * @param outcomes one a picture and variant, in any order
 * @param skipped pictures without outcomes, in any order
 */
public record Results(RunSettings settings, List<Outcome> outcomes, List<Skipped> skipped) {

  public Results {
    outcomes = List.copyOf(outcomes);
    skipped = List.copyOf(skipped);
  }

  /** How many pictures are settled, explained or skipped. */
  public int pictures() {
    return outcomes.size() / settings.variants().size() + skipped.size();
  }

  /** Whether every picture of the shard is settled. */
  public boolean complete() {
    return pictures() == settings.shard().pictures();
  }
}
