package io.sscam.engine.onednn;

import java.util.Map;

/**
 * What a plan keeps and how it computes.
 *
 * @param keep values that are copied out as N C H W, by the keys of their places
 */
public record PlanSpec(Map<String, Integer> keep, Arithmetic arithmetic) {
  /** The key of the input's place. */
  public static final String INPUT = " input";

  /** The key of the logits' place. */
  public static final String LOGITS = " logits";
}
