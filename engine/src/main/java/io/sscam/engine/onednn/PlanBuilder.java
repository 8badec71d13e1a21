package io.sscam.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;

import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import io.sscam.engine.onednn.PlanMemory.Operand;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_forward;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.PointerScope;

/** Turns a graph into a {@link NetPlan}, layer by layer. */
final class PlanBuilder {
  private final PackedWeights weights;
  private final Graph graph;
  private final int pictures;
  private final PlanSpec spec;
  private final AtomicLong liveBytes;
  private final engine engine = OnednnLibrary.engine();
  private final stream stream = new stream(engine);
  private final PlanMemory plan = new PlanMemory();
  private final ConcatSlices slices;
  private final Operand[] values;

  PlanBuilder(PackedWeights weights, int pictures, PlanSpec spec, AtomicLong liveBytes) {
    this.weights = weights;
    this.graph = weights.graph();
    this.pictures = pictures;
    this.spec = spec;
    this.liveBytes = liveBytes;
    this.values = new Operand[graph.layers().size()];
    this.slices = new ConcatSlices(graph, pictures, plan);
  }

  NetPlan build(PointerScope scope) {
    WeightedLayers weighted =
        new WeightedLayers(graph, weights, pictures, spec, plan, stream, slices);
    for (int id = 0; id < values.length; id++) {
      Layer layer = graph.layers().get(id);
      if (layer instanceof Layer.Input) {
        values[id] = plan.external(PlanSpec.INPUT, plain(id));
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
    copyOut(values.length - 1, PlanSpec.LOGITS);
    List<NetPlan.Step> steps = plan.bindAll("activations", liveBytes);
    return new NetPlan(scope, plan.block(), stream, steps, plan.external(), plan.description());
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
            ? PlanMemory.desc(
                new long[] {pictures, graph.layers().get(id).output().dim(0)}, memory.format_tag.nc)
            : plain(id);
    plan.reorder(key.strip(), values[id], plan.external(key, wanted));
  }

  /** The value's layout as the contract has it: N C H W. */
  private memory.desc plain(int id) {
    return PlanMemory.desc(dims(id), memory.format_tag.nchw);
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
            PlanMemory.desc(dims(id), memory.format_tag.any),
            stride,
            kernel,
            new long[] {0, 0},
            before,
            after,
            new primitive_attr(),
            false);
    Operand target = plan.allocate(pd.dst_desc());
    plan.step(
        name + ": pool " + pd.impl_info_str().getString(),
        new pooling_forward(pd),
        Map.of(DNNL_ARG_SRC, source, DNNL_ARG_DST, target));
    return slices.moveIn(id, name, target);
  }

  /** Adaptive pooling whose cells differ in size, which oneDNN does not have. */
  private Operand unevenCells(int id, String name, Operand source, long[] in, long[] out) {
    Operand from = plan.allocate(PlanMemory.desc(in, memory.format_tag.nchw));
    plan.reorder(name, source, from);
    Operand to = plan.allocate(PlanMemory.desc(out, memory.format_tag.nchw));
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

  /** For each value, the last layer that reads it. */
  static Map<Integer, Integer> lastReaders(Graph graph) {
    Map<Integer, Integer> last = new HashMap<>();
    for (int id = 0; id < graph.layers().size(); id++) {
      for (int input : graph.layers().get(id).inputs()) {
        last.put(input, id);
      }
    }
    return last;
  }
}
