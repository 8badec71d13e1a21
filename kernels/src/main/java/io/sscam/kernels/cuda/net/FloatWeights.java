package io.sscam.kernels.cuda.net;

import io.sscam.engine.Shape;
import io.sscam.engine.graph.Layer;
import java.util.Map;
import java.util.TreeMap;

/**
 * The weights that a backward pass reads, in float32: filters K C R S and matrices. Those of a
 * float32 net are the net's own; those of a float16 net are converted once, for the layers on the
 * way back.
 */
final class FloatWeights {
  private static final long ALIGNMENT = 256;

  private final NetTools tools;
  private final DeviceWeights weights;
  private final DeviceBlocks blocks;
  private final Map<Integer, Long> offsets = new TreeMap<>();
  private long end;
  private long base;

  FloatWeights(NetTools tools, DeviceWeights weights, DeviceBlocks blocks) {
    this.tools = tools;
    this.weights = weights;
    this.blocks = blocks;
  }

  /** Notes that a layer's weight will be read. */
  void need(int layer) {
    Operand row = row(layer);
    long bytes = (long) rows(layer) * row.channels() * row.plane() * Float.BYTES;
    offsets.put(layer, end);
    end += (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /** Queues the conversion of all that are needed. */
  void convert() {
    if (weights.half()) {
      base = blocks.allocate("float32 weights", end).address();
      offsets.forEach(
          (layer, offset) ->
              tools
                  .kernels()
                  .toFloat(row(layer), rows(layer), weights.of(layer).weight(), base + offset));
    }
  }

  /** The address of a layer's weight, to be converted before it is read. */
  long of(int layer) {
    Long offset = offsets.get(layer);
    if (offset == null) {
      throw new IllegalStateException("the weight of layer " + layer + " was not asked for");
    }
    return weights.half() ? base + offset : weights.of(layer).weight();
  }

  private Layer layer(int id) {
    return weights.graph().layers().get(id);
  }

  private int rows(int id) {
    return layer(id).output().dim(0);
  }

  /** What makes one output feature, as it lies in a float16 net. */
  private Operand row(int id) {
    Shape in = layer(layer(id).inputs().get(0)).output();
    if (layer(id) instanceof Layer.Conv2d conv) {
      int kernel = conv.window().kernel();
      Shape filter = Shape.of(in.dim(0), kernel, kernel);
      return Operand.packed(filter, true, true).padded(weights.padded(id));
    }
    return Operand.packed(Shape.of(in.elementsAsInt()), true, false);
  }
}
