package io.sscam.engine.onednn;

import java.util.Map;

/**
 * What a plan keeps and how it computes.
 *
 * @param keep values that are copied out as N C H W, by the keys of their places
 * @param winograd whether 3×3 convolutions that suit it go by Winograd's filtering, which is much
 *     faster and a little less exact
 */
public record PlanSpec(Map<String, Integer> keep, boolean winograd) {
  /** The key of the input's place. */
  public static final String INPUT = " input";

  /** The key of the logits' place. */
  public static final String LOGITS = " logits";
}
