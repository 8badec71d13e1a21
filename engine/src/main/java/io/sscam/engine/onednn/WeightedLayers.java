package io.sscam.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;

import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import io.sscam.engine.onednn.PlanMemory.Constant;
import io.sscam.engine.onednn.PlanMemory.Operand;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.inner_product_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.stream;
import org.jspecify.annotations.Nullable;

/** Convolutions and fully connected layers with all that is fused into them. */
final class WeightedLayers {
  /**
   * A single row oneDNN sums in another order, and wants the weights in another layout for it: with
   * a second row, which nobody reads, a picture has the same logits alone and among others (in
   * bfloat16 at times but for the last digit), and VGG-16's 494 MB are packed once.
   */
  private static final int FEWEST_ROWS = 2;

  private final Graph graph;
  private final PackedWeights weights;
  private final int pictures;
  private final PlanSpec spec;
  private final WinogradLayers winograd;
  private final PointwiseLayers pointwise;
  private final PlanMemory plan;
  private final stream stream;
  private final ConcatSlices slices;
  private final engine engine = OnednnLibrary.engine();
  private final Map<Integer, Integer> lastReaders;

  WeightedLayers(
      Graph graph,
      PackedWeights weights,
      int pictures,
      PlanSpec spec,
      PlanMemory plan,
      stream stream,
      ConcatSlices slices) {
    this.graph = graph;
    this.weights = weights;
    this.pictures = pictures;
    this.spec = spec;
    this.winograd = new WinogradLayers(graph, weights, pictures, plan, stream);
    this.pointwise = new PointwiseLayers(graph, weights, pictures, plan, stream);
    this.plan = plan;
    this.stream = stream;
    this.slices = slices;
    this.lastReaders = lastReaders(graph);
  }

  /** For each value, the last layer that reads it. */
  private static Map<Integer, Integer> lastReaders(Graph graph) {
    Map<Integer, Integer> last = new HashMap<>();
    for (int id = 0; id < graph.layers().size(); id++) {
      for (int input : graph.layers().get(id).inputs()) {
        last.put(input, id);
      }
    }
    return last;
  }

  Operand conv(int id, Layer.Conv2d conv, Operand[] values) {
    Operand source = activation(conv, values[conv.input()]);
    Operand residual = conv.residual() < 0 ? null : values[conv.residual()];
    Operand target = target(id, conv, residual);
    if (spec.arithmetic() == Arithmetic.WINOGRAD && Winograd.suits(graph, conv)) {
      Operand add =
          residual == null ? null : convert(conv.name(), residual, plan.channelsLast(id, pictures));
      winograd.conv(id, conv, channelsLast(conv, source), add, target);
      return target;
    }
    primitive_attr attributes = attributes(residual != null, conv.relu());
    if (slices.target(id) != null && PointwiseLayers.suits(conv)) {
      pointwise.conv(id, conv, channelsLast(conv, source), target, attributes);
      return target;
    }
    return direct(id, conv, source, residual, target, attributes);
  }

  /** Where the output belongs: its slice of a joined value, the residual's place, or its own. */
  private Operand target(int id, Layer.Conv2d conv, @Nullable Operand residual) {
    Operand slice = slices.target(id);
    if (slice != null) {
      return slice;
    }
    // The sum can be taken in place when nobody reads the residual meanwhile or afterwards.
    boolean inPlace =
        residual != null
            && conv.residual() != conv.input()
            && residual.storage() != null
            && residual.desc().equals(plan.channelsLast(id, pictures))
            && lastReaders.getOrDefault(conv.residual(), -1) == id
            && slices.target(conv.residual()) == null
            && !(graph.layers().get(conv.residual()) instanceof Layer.AdaptiveAvgPool2d);
    return inPlace && residual != null ? residual : plan.allocate(plan.channelsLast(id, pictures));
  }

  private Operand direct(
      int id,
      Layer.Conv2d conv,
      Operand source,
      @Nullable Operand residual,
      Operand target,
      primitive_attr attributes) {
    convolution_forward.primitive_desc pd = describe(id, conv, source, target.desc(), attributes);
    Operand from = convert(conv.name(), source, pd.src_desc());
    Operand to = pd.dst_desc().equals(target.desc()) ? target : plan.allocate(pd.dst_desc());
    if (residual != null && !to.equals(residual)) {
      plan.reorder(conv.name(), residual, to); // the sum is taken on a copy
    }
    run(id, conv, pd, from, to);
    return to.equals(target) ? target : slices.moveIn(id, conv.name(), to);
  }

  private Operand channelsLast(Layer.Conv2d conv, Operand source) {
    return convert(conv.name(), source, input(conv, memory.format_tag.nhwc));
  }

  private void run(
      int id, Layer.Conv2d conv, convolution_forward.primitive_desc pd, Operand from, Operand to) {
    memory.desc plain =
        PlanMemory.floats(Convolution.of(graph, conv).weightDims(), memory.format_tag.oihw);
    PackedWeights.LayerWeights packed =
        weights.get(id, plain, pd.weights_desc(), pd.bias_desc(), stream);
    plan.step(
        conv.name() + ": conv " + pd.impl_info_str().getString(),
        new convolution_forward(pd),
        Map.of(DNNL_ARG_SRC, from, DNNL_ARG_DST, to),
        new Constant(PlanMemory.ARG_WEIGHTS, packed.weight()),
        new Constant(PlanMemory.ARG_BIAS, packed.bias()));
  }

  /** What is done to each output: the sum with what stands there already, then the ReLU. */
  private static primitive_attr attributes(boolean sum, boolean relu) {
    post_ops ops = new post_ops();
    if (sum) {
      ops.append_sum();
    }
    if (relu) {
      ops.append_eltwise(dnnl.algorithm.eltwise_relu, 0, 0);
    }
    primitive_attr attributes = new primitive_attr();
    attributes.set_post_ops(ops);
    return attributes;
  }

  /**
   * The convolution in the wanted layouts, or in its own choice where those would run oneDNN's
   * plain reference code, which takes minutes.
   */
  private convolution_forward.primitive_desc describe(
      int id, Layer.Conv2d conv, Operand source, memory.desc wanted, primitive_attr attributes) {
    convolution_forward.primitive_desc pd = tryDescribe(conv, source.desc(), wanted, attributes);
    if (pd == null) {
      pd = tryDescribe(conv, input(conv, memory.format_tag.any), any(id), attributes);
    }
    if (pd == null) {
      throw new IllegalStateException("oneDNN has no fast convolution for " + conv.name());
    }
    return pd;
  }

  private convolution_forward.@Nullable primitive_desc tryDescribe(
      Layer.Conv2d conv, memory.desc source, memory.desc target, primitive_attr attributes) {
    Convolution convolution = Convolution.of(graph, conv);
    try {
      convolution_forward.primitive_desc pd =
          new convolution_forward.primitive_desc(
              engine,
              dnnl.prop_kind.forward_inference,
              dnnl.algorithm.convolution_direct,
              source,
              plan.desc(convolution.weightDims(), memory.format_tag.any),
              PlanMemory.floats(new long[] {conv.output().dim(0)}, memory.format_tag.x),
              target,
              convolution.stride(),
              convolution.before(),
              convolution.after(),
              attributes,
              false);
      return pd.impl_info_str().getString().contains("ref") ? null : pd;
    } catch (RuntimeException unsupported) { // the bindings throw nothing more exact
      return null;
    }
  }

  Operand linear(int id, Layer.Linear linear, Operand source) {
    int features = linear.output().dim(0);
    boolean flat = source.desc().get_ndims() == 2;
    long[] in = PlanMemory.dims(pictures, graph.layers().get(linear.input()).output());
    long[] sourceDims = flat ? new long[] {in[0], in[1]} : in;
    long[] rows = sourceDims.clone();
    rows[0] = Math.max(FEWEST_ROWS, pictures);
    long[] dims = sourceDims.clone();
    dims[0] = features;
    inner_product_forward.primitive_desc pd =
        new inner_product_forward.primitive_desc(
            engine,
            dnnl.prop_kind.forward_inference,
            plan.desc(rows, memory.format_tag.any),
            plan.desc(dims, memory.format_tag.any),
            PlanMemory.floats(new long[] {features}, memory.format_tag.x),
            plan.value(id, new long[] {rows[0], features}, memory.format_tag.nc),
            attributes(false, linear.relu()),
            false);
    Operand from =
        rows[0] == pictures
            ? convert(linear.name(), source, pd.src_desc())
            : extend(linear.name(), source, sourceDims, pd.src_desc());
    Operand to = plan.allocate(pd.dst_desc());
    memory.desc plain =
        PlanMemory.floats(dims, flat ? memory.format_tag.oi : memory.format_tag.oihw);
    PackedWeights.LayerWeights packed =
        weights.get(id, plain, pd.weights_desc(), pd.bias_desc(), stream);
    plan.step(
        linear.name() + ": linear " + pd.impl_info_str().getString(),
        new inner_product_forward(pd),
        Map.of(DNNL_ARG_SRC, from, DNNL_ARG_DST, to),
        new Constant(PlanMemory.ARG_WEIGHTS, packed.weight()),
        new Constant(PlanMemory.ARG_BIAS, packed.bias()));
    return firstRows(to, new long[] {pictures, features});
  }

  /** A copy of a value with further rows behind it, which hold anything. */
  private Operand extend(String name, Operand value, long[] dims, memory.desc wanted) {
    Operand extended = plan.allocate(wanted);
    plan.reorder(name, value, firstRows(extended, dims));
    return extended;
  }

  /** The first pictures of a value. */
  private static Operand firstRows(Operand all, long[] dims) {
    memory.desc rows = all.desc().submemory_desc(dims, new long[dims.length]);
    return new Operand(rows, all.storage(), all.start(), all.external());
  }

  private Operand convert(String name, Operand value, memory.desc wanted) {
    if (value.desc().equals(wanted)) {
      return value;
    }
    Operand converted = plan.allocate(wanted);
    plan.reorder(name, value, converted);
    return converted;
  }

  /** What is not of the activations' type, as the pictures may be, channels last in that type. */
  private Operand activation(Layer.Conv2d conv, Operand source) {
    boolean fits = PlanMemory.type(source.desc()) == spec.arithmetic().type();
    return fits ? source : channelsLast(conv, source);
  }

  private memory.desc input(Layer.Conv2d conv, memory.format_tag tag) {
    return plan.desc(dims(conv.input()), tag);
  }

  private memory.desc any(int id) {
    return plan.value(id, dims(id), memory.format_tag.any);
  }

  private long[] dims(int id) {
    return PlanMemory.dims(pictures, graph.layers().get(id).output());
  }
}
