package io.sscam.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;

import io.sscam.engine.Shape;
import io.sscam.engine.graph.BackwardPass;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import io.sscam.engine.onednn.PlanMemory.Constant;
import io.sscam.engine.onednn.PlanMemory.Operand;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.inner_product_backward_data;
import org.bytedeco.dnnl.inner_product_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.PointerScope;

/**
 * Turns the way back from the logits to a value into a {@link NetPlan} for one picture. Gradients
 * are N C H W between the steps; a convolution that wants another layout gets and gives copies.
 */
final class BackwardPlanBuilder implements BackwardPass.Steps<Operand> {
  private final PackedWeights weights;
  private final Graph graph;
  private final engine engine = OnednnLibrary.engine();
  private final stream stream = new stream(engine);
  private final PlanMemory plan;
  private final Map<Integer, Operand> values = new HashMap<>();

  BackwardPlanBuilder(PackedWeights weights) {
    this.weights = weights;
    this.graph = weights.graph();
    this.plan = new PlanMemory(graph, Arithmetic.PLAIN);
  }

  NetPlan build(PointerScope scope, int start, AtomicLong liveBytes) {
    int last = graph.layers().size() - 1;
    Operand seed = plan.external(GradientPlan.SEED, plain(graph.layers().get(last).output()));
    Operand result = BackwardPass.run(graph, start, seed, this);
    plan.reorder("gradient", result, plan.external(GradientPlan.RESULT, plain(shape(start))));
    List<NetPlan.Step> steps = plan.bindAll("gradients", null, liveBytes);
    return new NetPlan(scope, plan.block(), stream, steps, plan.external(), plan.description());
  }

  private Shape shape(int value) {
    return graph.layers().get(value).output();
  }

  private static memory.desc plain(Shape shape) {
    return PlanMemory.floats(PlanMemory.dims(1, shape), memory.format_tag.nchw);
  }

  private static memory.desc any(Shape shape) {
    return PlanMemory.floats(PlanMemory.dims(1, shape), memory.format_tag.any);
  }

  /** A value of the forward pass, in caller's memory. */
  private Operand value(int id) {
    return values.computeIfAbsent(
        id, value -> plan.external(GradientPlan.key(value), plain(shape(value))));
  }

  private String name(int layer) {
    return graph.layers().get(layer).name();
  }

  private Operand in(String name, Operand gradient, memory.desc wanted) {
    if (gradient.desc().equals(wanted)) {
      return gradient;
    }
    Operand copy = plan.allocate(wanted);
    plan.reorder(name, gradient, copy);
    return copy;
  }

  @Override
  public Operand relu(int value, Operand gradient) {
    memory.desc desc = plain(shape(value));
    dnnl.algorithm algorithm = dnnl.algorithm.eltwise_relu_use_dst_for_bwd;
    eltwise_forward.primitive_desc forward =
        new eltwise_forward.primitive_desc(
            engine, dnnl.prop_kind.forward_training, algorithm, desc, desc, 0f, 0f);
    eltwise_backward.primitive_desc pd =
        new eltwise_backward.primitive_desc(engine, algorithm, desc, desc, desc, 0f, 0f, forward);
    Operand result = plan.allocate(desc);
    plan.step(
        name(value) + ": relu gradient " + pd.impl_info_str().getString(),
        new eltwise_backward(pd),
        Map.of(DNNL_ARG_DST, value(value), DNNL_ARG_DIFF_DST, gradient, DNNL_ARG_DIFF_SRC, result));
    return result;
  }

  @Override
  public Operand conv(int layer, Layer.Conv2d conv, Operand gradient) {
    Convolution convolution = Convolution.of(graph, conv);
    memory.desc any = any(shape(conv.input()));
    memory.desc weightAny = PlanMemory.floats(convolution.weightDims(), memory.format_tag.any);
    convolution_forward.primitive_desc forward =
        new convolution_forward.primitive_desc(
            engine,
            dnnl.prop_kind.forward_training,
            dnnl.algorithm.convolution_direct,
            any,
            weightAny,
            any(conv.output()),
            convolution.stride(),
            convolution.before(),
            convolution.after());
    convolution_backward_data.primitive_desc pd =
        new convolution_backward_data.primitive_desc(
            engine,
            dnnl.algorithm.convolution_direct,
            any,
            weightAny,
            any(conv.output()),
            convolution.stride(),
            convolution.before(),
            convolution.after(),
            forward);
    Operand from = in(conv.name(), gradient, pd.diff_dst_desc());
    Operand to = plan.allocate(pd.diff_src_desc());
    memory.desc plain = PlanMemory.floats(convolution.weightDims(), memory.format_tag.oihw);
    plan.step(
        conv.name() + ": conv gradient " + pd.impl_info_str().getString(),
        new convolution_backward_data(pd),
        Map.of(DNNL_ARG_DIFF_DST, from, DNNL_ARG_DIFF_SRC, to),
        new Constant(
            PlanMemory.ARG_WEIGHTS, weights.weight(layer, plain, pd.weights_desc(), stream)));
    return in(conv.name(), to, plain(shape(conv.input())));
  }

  @Override
  public Operand linear(int layer, Layer.Linear linear, Operand gradient) {
    long inputs = shape(linear.input()).elements();
    long outputs = linear.output().elements();
    memory.desc source = PlanMemory.floats(new long[] {1, inputs}, memory.format_tag.nc);
    memory.desc target = PlanMemory.floats(new long[] {1, outputs}, memory.format_tag.nc);
    memory.desc plain = PlanMemory.floats(new long[] {outputs, inputs}, memory.format_tag.oi);
    memory.desc any = PlanMemory.floats(new long[] {outputs, inputs}, memory.format_tag.any);
    inner_product_forward.primitive_desc forward =
        new inner_product_forward.primitive_desc(
            engine, dnnl.prop_kind.forward_training, source, any, target);
    inner_product_backward_data.primitive_desc pd =
        new inner_product_backward_data.primitive_desc(engine, source, any, target, forward);
    Operand result = plan.allocate(source);
    plan.step(
        linear.name() + ": linear gradient " + pd.impl_info_str().getString(),
        new inner_product_backward_data(pd),
        Map.of(DNNL_ARG_DIFF_DST, as(gradient, target), DNNL_ARG_DIFF_SRC, result),
        new Constant(
            PlanMemory.ARG_WEIGHTS, weights.weight(layer, plain, pd.weights_desc(), stream)));
    return as(result, plain(shape(linear.input())));
  }

  /** The same elements in the same order, with other extents. */
  private Operand as(Operand operand, memory.desc desc) {
    return new Operand(desc, operand.storage(), operand.start(), operand.external());
  }

  @Override
  public Operand maxPool(int layer, Layer.MaxPool2d pool, Operand gradient) {
    Operand x = plan.allocate(plain(shape(pool.input())));
    plan.reorder(pool.name(), value(pool.input()), x);
    Operand from = owned(pool.name(), gradient);
    Operand to = plan.allocate(plain(shape(pool.input())));
    PoolGradients pools = PoolGradients.of(shape(pool.input()), pool.output());
    plan.step(
        pool.name() + ": max pool gradient",
        List.of(x, from, to),
        () -> {
          FloatBuffer floats = plan.block().floats();
          int input = at(x);
          int read = at(from);
          int write = at(to);
          return ignored -> pools.max(floats, pool.window(), input, read, write);
        });
    return to;
  }

  @Override
  public Operand averagePool(int layer, Layer.AdaptiveAvgPool2d pool, Operand gradient) {
    Operand from = owned(pool.name(), gradient);
    Operand to = plan.allocate(plain(shape(pool.input())));
    PoolGradients pools = PoolGradients.of(shape(pool.input()), pool.output());
    plan.step(
        pool.name() + ": average pool gradient",
        List.of(from, to),
        () -> {
          FloatBuffer floats = plan.block().floats();
          int read = at(from);
          int write = at(to);
          return ignored -> pools.average(floats, read, write);
        });
    return to;
  }

  /** In the plan's own block, where the loops read. */
  private Operand owned(String name, Operand gradient) {
    if (gradient.storage() != null) {
      return gradient;
    }
    Operand copy = plan.allocate(gradient.desc());
    plan.reorder(name, gradient, copy);
    return copy;
  }

  private static int at(Operand operand) {
    return (int) (PlanMemory.offset(operand) / Float.BYTES);
  }

  @Override
  public Operand channels(int layer, Operand gradient, int first, Shape part) {
    memory.desc slice =
        gradient.desc().submemory_desc(PlanMemory.dims(1, part), new long[] {0, first, 0, 0});
    Operand copy = plan.allocate(plain(part));
    plan.reorder(name(layer), as(gradient, slice), copy);
    return copy;
  }

  @Override
  public Operand add(Operand one, Operand other) {
    Operand sum = plan.allocate(one.desc());
    binary.primitive_desc pd =
        new binary.primitive_desc(
            engine, dnnl.algorithm.binary_add, one.desc(), other.desc(), sum.desc());
    plan.step(
        "sum of gradients " + pd.impl_info_str().getString(),
        new binary(pd),
        Map.of(DNNL_ARG_SRC_0, one, DNNL_ARG_SRC_1, other, DNNL_ARG_DST, sum));
    return sum;
  }
}
