package io.sscam.engine.onednn;

import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;

/**
 * Where a net is cut in two. The layers before the cut have large activations and small weights:
 * they run for few pictures at a time, so that what one layer writes is still in a cache when the
 * next reads it. Those behind it have large weights and run for all pictures at once, so that the
 * weights are read once.
 *
 * @param value the last value before the cut; all later layers read it or what comes after it
 * @param together how many pictures run at a time before the cut
 */
record Waist(int value, int together) {
  /** Weights that may be read again for every few pictures, in bytes. */
  private static final long WEIGHTS = 4L << 20;

  /** What the largest activation of the pictures that run together may take, in bytes. */
  private static final long ACTIVATION = 4L << 20;

  /** The cut of a net; where there is no use in one, all its pictures run together. */
  static Waist of(Graph graph, int pictures, Arithmetic arithmetic) {
    int last = 0;
    long largest = 0; // a picture's, up to the cut
    long sofar = 0;
    for (int id = 0; id < graph.layers().size() - 1; id++) {
      Layer layer = graph.layers().get(id);
      if (weights(graph, layer, arithmetic) > WEIGHTS) {
        break;
      }
      sofar = Math.max(sofar, arithmetic.bytes() * layer.output().elements());
      if ((layer instanceof Layer.Conv2d || layer instanceof Layer.MaxPool2d) && cuts(graph, id)) {
        last = id;
        largest = sofar;
      }
    }
    return new Waist(last, together(pictures, largest));
  }

  /** As many as fit, in parts that are about equal; at least one. */
  private static int together(int pictures, long largest) {
    long fitting = largest == 0 ? pictures : Math.max(1, ACTIVATION / largest);
    long parts = (pictures + fitting - 1) / fitting;
    return Math.toIntExact((pictures + parts - 1) / parts);
  }

  /** The bytes of a layer's weights in the form in which they are multiplied. */
  private static long weights(Graph graph, Layer layer, Arithmetic arithmetic) {
    if (!(layer instanceof Layer.Conv2d conv)) {
      return 0; // linear layers are never before a cut
    }
    long pairs = (long) graph.layers().get(conv.input()).output().dim(0) * conv.output().dim(0);
    long taps = (long) conv.window().kernel() * conv.window().kernel();
    boolean transformed = arithmetic == Arithmetic.WINOGRAD && Winograd.suits(graph, conv);
    return arithmetic.bytes() * pairs * (transformed ? Winograd.PRODUCTS : taps);
  }

  private static boolean cuts(Graph graph, int value) {
    return graph.layers().stream()
        .skip(value + 1L)
        .allMatch(
            layer ->
                layer.inputs().stream()
                    .allMatch(
                        input ->
                            input > value || (input == value && !(layer instanceof Layer.Concat))));
  }
}
