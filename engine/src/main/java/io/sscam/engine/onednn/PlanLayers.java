package io.sscam.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;

import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import io.sscam.engine.onednn.PlanMemory.Operand;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_forward;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.stream;

/** Plans some successive layers of a net for some pictures of a batch. */
final class PlanLayers {
  private final Graph graph;
  private final int pictures;
  private final int first;
  private final PlanSpec spec;
  private final engine engine = OnednnLibrary.engine();
  private final PlanMemory plan;
  private final ConcatSlices slices;
  private final WeightedLayers weighted;
  private final Operand[] values;

  /**
   * The layers of a net for the pictures {@code first} … first + pictures − 1 of the batch.
   *
   * @param slices where values are to be written
   */
  PlanLayers(
      PackedWeights weights,
      int first,
      int pictures,
      PlanSpec spec,
      PlanMemory plan,
      stream stream,
      ConcatSlices slices) {
    this.graph = weights.graph();
    this.pictures = pictures;
    this.first = first;
    this.spec = spec;
    this.plan = plan;
    this.slices = slices;
    this.weighted = new WeightedLayers(graph, weights, pictures, spec, plan, stream, slices);
    this.values = new Operand[graph.layers().size()];
  }

  /** Gives a value that was planned before. */
  void set(int id, Operand value) {
    values[id] = value;
  }

  /** Plans the layers {@code from} … to − 1, and the copies of those that are kept. */
  void add(int from, int to) {
    for (int id = from; id < to; id++) {
      Layer layer = graph.layers().get(id);
      if (layer instanceof Layer.Input) {
        values[id] = external(PlanSpec.INPUT, plain(id));
      } else if (layer instanceof Layer.Conv2d conv) {
        values[id] = weighted.conv(id, conv, values);
      } else if (layer instanceof Layer.Linear linear) {
        values[id] = weighted.linear(id, linear, values[linear.input()]);
      } else if (layer instanceof Layer.MaxPool2d pool) {
        values[id] = maxPool(id, pool);
      } else if (layer instanceof Layer.AdaptiveAvgPool2d pool) {
        values[id] = avgPool(id, pool);
      } else if (layer instanceof Layer.Concat concat) {
        values[id] = slices.join(id, concat, values);
      }
      keep(id);
    }
    if (to == values.length) {
      copyOut(to - 1, PlanSpec.LOGITS);
    }
  }

  /** The caller's memory for these pictures. */
  private Operand external(String key, memory.desc desc) {
    return plan.external(key, desc, first * (desc.get_size() / pictures));
  }

  private void keep(int id) {
    spec.keep()
        .forEach(
            (key, value) -> {
              if (value == id) {
                copyOut(id, key);
              }
            });
  }

  private void copyOut(int id, String key) {
    memory.desc wanted =
        values[id].desc().get_ndims() == 2
            ? PlanMemory.floats(
                new long[] {pictures, graph.layers().get(id).output().dim(0)}, memory.format_tag.nc)
            : plain(id);
    plan.reorder(key.strip(), values[id], external(key, wanted));
  }

  /** The value's layout as the contract has it: N C H W. */
  private memory.desc plain(int id) {
    return PlanMemory.floats(dims(id), memory.format_tag.nchw);
  }

  private long[] dims(int id) {
    return PlanMemory.dims(pictures, graph.layers().get(id).output());
  }

  private Operand maxPool(int id, Layer.MaxPool2d pool) {
    Operand source = values[pool.input()];
    long kernel = pool.window().kernel();
    long stride = pool.window().stride();
    long[] before = {pool.window().padding(), pool.window().padding()};
    long[] in = dims(pool.input());
    long[] out = dims(id);
    long[] after = {
      Math.max(0, pool.window().paddingAfter((int) in[2], (int) out[2])),
      Math.max(0, pool.window().paddingAfter((int) in[3], (int) out[3]))
    };
    return pool(
        id,
        pool.name(),
        dnnl.algorithm.pooling_max,
        source,
        new long[] {stride, stride},
        new long[] {kernel, kernel},
        before,
        after);
  }

  private Operand avgPool(int id, Layer.AdaptiveAvgPool2d pool) {
    long[] in = dims(pool.input());
    long[] out = dims(id);
    if (in[2] == out[2] && in[3] == out[3]) {
      return values[pool.input()];
    }
    if (in[2] % out[2] == 0 && in[3] % out[3] == 0) {
      long[] cell = {in[2] / out[2], in[3] / out[3]};
      long[] none = {0, 0};
      return pool(
          id,
          pool.name(),
          dnnl.algorithm.pooling_avg_exclude_padding,
          values[pool.input()],
          cell,
          cell,
          none,
          none);
    }
    return unevenCells(id, pool.name(), values[pool.input()], in, out);
  }

  private Operand pool(
      int id,
      String name,
      dnnl.algorithm algorithm,
      Operand source,
      long[] stride,
      long[] kernel,
      long[] before,
      long[] after) {
    pooling_forward.primitive_desc pd =
        new pooling_forward.primitive_desc(
            engine,
            dnnl.prop_kind.forward_inference,
            algorithm,
            source.desc(),
            new memory.desc(dims(id), PlanMemory.type(source.desc()), memory.format_tag.any),
            stride,
            kernel,
            new long[] {0, 0},
            before,
            after,
            new primitive_attr(),
            false);
    Operand wanted = slices.target(id);
    Operand target =
        wanted != null && wanted.desc().equals(pd.dst_desc())
            ? wanted
            : plan.allocate(pd.dst_desc());
    plan.step(
        name + ": pool " + pd.impl_info_str().getString(),
        new pooling_forward(pd),
        Map.of(DNNL_ARG_SRC, source, DNNL_ARG_DST, target));
    return slices.moveIn(id, name, target);
  }

  /** Adaptive pooling whose cells differ in size, which oneDNN does not have. */
  private Operand unevenCells(int id, String name, Operand source, long[] in, long[] out) {
    Operand from = plan.allocate(PlanMemory.floats(in, memory.format_tag.nchw));
    plan.reorder(name, source, from);
    Operand to = plan.allocate(PlanMemory.floats(out, memory.format_tag.nchw));
    plan.step(
        name + ": uneven cells",
        List.of(from, to),
        () -> {
          FloatBuffer floats = plan.block().floats();
          int read = (int) (PlanMemory.offset(from) / Float.BYTES);
          int write = (int) (PlanMemory.offset(to) / Float.BYTES);
          UnevenCells cells = new UnevenCells(in, out);
          return ignored -> cells.average(floats, read, write);
        });
    return slices.moveIn(id, name, to);
  }
}
