package io.sscam.engine.onednn;

import java.util.Set;

/**
 * What a plan keeps and how it lays out activations.
 *
 * @param keep labels of the graph whose values are copied out, as N C H W
 * @param layout of the activations between convolutions
 */
public record PlanSpec(Set<String> keep, Layout layout) {
  /** The key of the input's place. */
  public static final String INPUT = " input";

  /** The key of the logits' place. */
  public static final String LOGITS = " logits";

  /** Layouts of activations. */
  public enum Layout {
    /** Each primitive's own choice, with reorders between where they differ. */
    CHOSEN,
    /** Channels in blocks of 16 (AVX-512) or 8. */
    BLOCKED,
    /** Channels innermost. */
    CHANNELS_LAST
  }
}
