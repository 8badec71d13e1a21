package io.sscam.engine.onednn;

import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import io.sscam.engine.onednn.PlanMemory.Operand;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.dnnl.memory;
import org.jspecify.annotations.Nullable;

/**
 * Concatenation without copying: a value that is only read by a concat is written straight into its
 * slice of the joined value. Where it has other readers, or its primitive cannot write a slice, it
 * is copied.
 */
final class ConcatSlices {
  private final Graph graph;
  private final PlanMemory plan;
  private final int pictures;

  /** For a value that has a slice: the concat and the first channel. */
  private record Slice(int concat, int channel) {}

  private final Map<Integer, Slice> slices = new HashMap<>();
  private final Map<Integer, Operand> places = new HashMap<>();
  private final Map<Integer, Operand> joined = new HashMap<>();

  ConcatSlices(Graph graph, int pictures, PlanMemory plan) {
    this.graph = graph;
    this.pictures = pictures;
    this.plan = plan;
    for (int id = 0; id < graph.layers().size(); id++) {
      if (graph.layers().get(id) instanceof Layer.Concat concat) {
        claim(id, concat);
      }
    }
  }

  private void claim(int id, Layer.Concat concat) {
    int channel = 0;
    for (int input : concat.inputs()) {
      Layer part = graph.layers().get(input);
      int channels = part.output().dim(0);
      if (readers(input) == 1 && part instanceof Layer.Conv2d) {
        slices.put(input, new Slice(id, channel));
      }
      channel += channels;
    }
  }

  private long readers(int value) {
    return graph.layers().stream()
        .flatMap(layer -> layer.inputs().stream())
        .filter(input -> input == value)
        .count();
  }

  /** Lets a value be written to a given place. */
  void place(int value, Operand place) {
    places.put(value, place);
  }

  /** Where a value is to be written, such as its slice, or null if it has storage of its own. */
  @Nullable Operand target(int value) {
    Operand place = places.get(value);
    if (place != null) {
      return place;
    }
    Slice slice = slices.get(value);
    return slice == null ? null : slice(value, slice.concat, slice.channel);
  }

  private Operand slice(int value, int concat, int channel) {
    Operand whole =
        joined.computeIfAbsent(concat, id -> plan.allocate(plan.channelsLast(id, pictures)));
    long[] dims = PlanMemory.dims(pictures, graph.layers().get(value).output());
    memory.desc part = whole.desc().submemory_desc(dims, new long[] {0, channel, 0, 0});
    return new Operand(part, whole.storage(), 0, null);
  }

  /** A value that was written elsewhere stays there; the concat copies it. */
  Operand moveIn(int value, String name, Operand written) {
    Operand target = target(value);
    if (target == null || target.equals(written)) {
      return written;
    }
    plan.reorder(name, written, target);
    return target;
  }

  Operand join(int id, Layer.Concat concat, Operand[] values) {
    int channel = 0;
    for (int input : concat.inputs()) {
      if (!slices.containsKey(input)) {
        plan.reorder(concat.name(), values[input], slice(input, id, channel));
      }
      channel += graph.layers().get(input).output().dim(0);
    }
    Operand whole = joined.get(id);
    if (whole == null) {
      throw new IllegalStateException(concat.name() + " joins nothing");
    }
    return whole;
  }
}
