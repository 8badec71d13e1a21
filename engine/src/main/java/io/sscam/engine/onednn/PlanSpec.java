package io.sscam.engine.onednn;

import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import java.util.Map;

/**
 * What a plan keeps and how it lays out activations.
 *
 * @param keep values that are copied out as N C H W, by the keys of their places
 * @param layout of the activations between convolutions
 * @param winograd whether 3×3 convolutions that {@linkplain Winograd#suits suit} it are computed by
 *     Winograd's filtering, which is faster and a little less exact
 */
public record PlanSpec(Map<String, Integer> keep, Layout layout, boolean winograd) {
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

  /**
   * The fastest for a net, as measured (docs/performance.md): blocks suit the many short joins of
   * SqueezeNet, whose 3×3 convolutions have few channels; the rest goes by Winograd's filtering.
   */
  public static PlanSpec fastest(Graph graph, Map<String, Integer> keep) {
    return joins(graph)
        ? new PlanSpec(keep, Layout.BLOCKED, false)
        : new PlanSpec(keep, Layout.CHANNELS_LAST, true);
  }

  /** Plain sums throughout: for gradients, which a unit that just does not fire changes. */
  public static PlanSpec exact(Graph graph, Map<String, Integer> keep) {
    return new PlanSpec(keep, joins(graph) ? Layout.BLOCKED : Layout.CHOSEN, false);
  }

  private static boolean joins(Graph graph) {
    return graph.layers().stream().anyMatch(Layer.Concat.class::isInstance);
  }
}
