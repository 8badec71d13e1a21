package io.sscam.kernels.cuda.net;

import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which values are written straight into their part of a concat: those of convolutions and maximum
 * pools that nobody else reads. All others are copied.
 */
final class ConcatSlices {
  private final Graph graph;
  private final Map<Integer, Slice> slices = new HashMap<>();

  /** A part of a concat's output: the concat's value and the first channel. */
  record Slice(int concat, int channel) {}

  /**
   * Claims the slices of all concats.
   *
   * @param placed values that lie elsewhere: the logits and those that are kept
   */
  ConcatSlices(Graph graph, Set<Integer> placed) {
    this.graph = graph;
    for (int id = 0; id < graph.layers().size(); id++) {
      if (graph.layers().get(id) instanceof Layer.Concat concat) {
        claim(id, concat, placed);
      }
    }
  }

  private void claim(int id, Layer.Concat concat, Set<Integer> placed) {
    int channel = 0;
    for (int input : concat.inputs()) {
      Layer part = graph.layers().get(input);
      boolean writesSlices = part instanceof Layer.Conv2d || part instanceof Layer.MaxPool2d;
      if (writesSlices && readers(input) == 1 && !placed.contains(input)) {
        slices.put(input, new Slice(id, channel));
      }
      channel += part.output().dim(0);
    }
  }

  private long readers(int value) {
    return graph.layers().stream()
        .flatMap(layer -> layer.inputs().stream())
        .filter(input -> input == value)
        .count();
  }

  @Nullable Slice of(int value) {
    return slices.get(value);
  }
}
