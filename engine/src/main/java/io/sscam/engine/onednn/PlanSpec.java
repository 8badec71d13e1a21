package io.sscam.engine.onednn;

import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import java.util.Map;

/**
 * What a plan keeps and how it lays out activations.
 *
 * @param keep values that are copied out as N C H W, by the keys of their places
 * @param layout of the activations between convolutions
 */
public record PlanSpec(Map<String, Integer> keep, Layout layout) {
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

  /** Measured: blocks suit the many short joins of SqueezeNet, oneDNN's own choice the rest. */
  public static Layout suited(Graph graph) {
    boolean joins = graph.layers().stream().anyMatch(Layer.Concat.class::isInstance);
    return joins ? Layout.BLOCKED : Layout.CHOSEN;
  }
}
