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
 * slice of the joined value. Where a blocked layout does not allow that (channels that do not fill
 * whole blocks) or the value has other readers, the parts are copied.
 */
final class ConcatSlices {
  private final Graph graph;
  private final PlanMemory plan;
  private final int pictures;
  private final PlanSpec.Layout layout;

  /** For a value that has a slice: the concat and the first channel. */
  private record Slice(int concat, int channel) {}

  private final Map<Integer, Slice> slices = new HashMap<>();
  private final Map<Integer, Operand> joined = new HashMap<>();

  ConcatSlices(Graph graph, int pictures, PlanSpec.Layout layout, PlanMemory plan) {
    this.graph = graph;
    this.pictures = pictures;
    this.plan = plan;
    // A part must be written in the joined value's layout, so it cannot be each primitive's choice.
    this.layout = layout == PlanSpec.Layout.CHOSEN ? PlanSpec.Layout.CHANNELS_LAST : layout;
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
      boolean wholeBlocks =
          layout == PlanSpec.Layout.CHANNELS_LAST
              || (channel % PlanMemory.blockOfChannels() == 0
                  && channels % PlanMemory.blockOfChannels() == 0);
      if (wholeBlocks && readers(input) == 1 && part instanceof Layer.Conv2d) {
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

  /** The slice that a value is to be written into, or null if it has storage of its own. */
  @Nullable Operand target(int value) {
    Slice slice = slices.get(value);
    return slice == null ? null : slice(value, slice.concat, slice.channel);
  }

  private Operand slice(int value, int concat, int channel) {
    Operand whole =
        joined.computeIfAbsent(
            concat,
            id ->
                plan.allocate(
                    PlanMemory.desc(
                        PlanMemory.dims(pictures, graph.layers().get(id).output()),
                        wholeTag((Layer.Concat) graph.layers().get(id)))));
    long[] dims = PlanMemory.dims(pictures, graph.layers().get(value).output());
    memory.desc part = whole.desc().submemory_desc(dims, new long[] {0, channel, 0, 0});
    return new Operand(part, whole.storage(), null);
  }

  /** Blocks only if every part fills whole blocks; else a layout that can be cut anywhere. */
  private memory.format_tag wholeTag(Layer.Concat concat) {
    int block = PlanMemory.blockOfChannels();
    boolean whole =
        layout == PlanSpec.Layout.CHANNELS_LAST
            || concat.inputs().stream()
                .allMatch(input -> graph.layers().get(input).output().dim(0) % block == 0);
    return whole ? PlanMemory.tag(layout) : memory.format_tag.nchw;
  }

  /** A value that was written elsewhere stays there; the concat copies it. */
  Operand moveIn(int value, String name, Operand written) {
    Operand target = target(value);
    if (target == null) {
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
