package io.sscam.kernels.cuda.net;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.graph.BackwardPass;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import io.sscam.kernels.cuda.driver.Copies;
import java.util.List;
import java.util.function.IntToLongFunction;

/**
 * Turns the way back from the logits to a value into steps for one picture. Gradients are float32 N
 * C H W; that of a part of a concat is a stretch of the whole's, so that it needs no copy.
 */
final class BackwardPlanBuilder implements BackwardPass.Steps<Operand> {
  private final NetTools tools;
  private final FloatWeights floats;
  private final Graph graph;
  private final Precision precision;
  private final IntToLongFunction values;
  private final Workspace workspace;
  private final Descriptors descriptors;
  private final PlanMemory memory = new PlanMemory();

  /**
   * A builder for one plan.
   *
   * @param floats is told which weights are needed, and asked for them when steps are bound
   * @param values where a value of the forward pass lies, float32 N C H W
   */
  BackwardPlanBuilder(
      NetTools tools,
      DeviceWeights weights,
      FloatWeights floats,
      IntToLongFunction values,
      Workspace workspace,
      Descriptors descriptors) {
    this.tools = tools;
    this.floats = floats;
    this.graph = weights.graph();
    this.precision = weights.half() ? Precision.FP32 : weights.precision();
    this.values = values;
    this.workspace = workspace;
    this.descriptors = descriptors;
  }

  /**
   * Records all steps; {@link PlanMemory#place} and {@link PlanMemory#bind} come next.
   *
   * @param start the value to differentiate by
   * @param seed where the gradient by the logits lies
   * @param target where the gradient by {@code start} goes
   */
  PlanMemory record(int start, long seed, long target) {
    Operand result = BackwardPass.run(graph, start, gradient(graph.logits()).at(seed), this);
    long bytes = shape(start).elements() * Float.BYTES;
    step(
        "gradient by " + name(start) + ": copied",
        List.of(result),
        at -> () -> Copies.between(tools.stream(), at.of(result), target, bytes));
    return memory;
  }

  /** Makes the launch of a kernel when the addresses are known. */
  private interface Launch {
    Runnable bind(PlanMemory.Addresses addresses);
  }

  private void step(String description, List<Operand> operands, Launch launch) {
    memory.step(operands, at -> new KernelStep(description, launch.bind(at)));
  }

  private Shape shape(int value) {
    return graph.layers().get(value).output();
  }

  private String name(int layer) {
    return graph.layers().get(layer).name();
  }

  private static Operand gradient(Shape shape) {
    return Operand.packed(shape, false, false);
  }

  private Operand allocate(int value) {
    return memory.allocate(gradient(shape(value)), 1);
  }

  @Override
  public Operand relu(int value, Operand gradient) {
    Operand result = allocate(value);
    long n = shape(value).elements();
    long rectified = values.applyAsLong(value);
    step(
        name(value) + ": kernel relu_gradient",
        List.of(gradient, result),
        at -> {
          long from = at.of(gradient);
          long to = at.of(result);
          return () -> tools.kernels().reluGradient(rectified, from, n, to);
        });
    return result;
  }

  @Override
  public Operand conv(int layer, Layer.Conv2d conv, Operand gradient) {
    Operand result = allocate(conv.input());
    floats.need(layer);
    memory.step(
        List.of(gradient, result),
        at -> {
          ConvGradientStep.Addresses addresses =
              new ConvGradientStep.Addresses(floats.of(layer), at.of(gradient), at.of(result));
          return new ConvGradientStep(
              tools, descriptors, workspace, conv, gradient, result, precision, addresses);
        });
    return result;
  }

  @Override
  public Operand maxPool(int layer, Layer.MaxPool2d pool, Operand gradient) {
    Operand result = allocate(pool.input());
    long x = values.applyAsLong(pool.input());
    step(
        pool.name() + ": kernel max_pool_gradient",
        List.of(gradient, result),
        at -> {
          long from = at.of(gradient);
          long to = at.of(result);
          return () ->
              tools.kernels().maxPoolGradient(result, gradient, pool.window(), x, from, to);
        });
    return result;
  }

  @Override
  public Operand averagePool(int layer, Layer.AdaptiveAvgPool2d pool, Operand gradient) {
    Operand result = allocate(pool.input());
    step(
        pool.name() + ": kernel average_pool_gradient",
        List.of(gradient, result),
        at -> {
          long from = at.of(gradient);
          long to = at.of(result);
          return () -> tools.kernels().averagePoolGradient(result, gradient, from, to);
        });
    return result;
  }

  @Override
  public Operand linear(int layer, Layer.Linear linear, Operand gradient) {
    Operand result = allocate(linear.input());
    floats.need(layer);
    int outputs = linear.output().elementsAsInt();
    int inputs = shape(linear.input()).elementsAsInt();
    memory.step(
        List.of(gradient, result),
        at ->
            new LinearGradientStep(
                linear.name(),
                outputs,
                inputs,
                precision,
                floats.of(layer),
                at.of(gradient),
                at.of(result),
                tools,
                workspace));
    return result;
  }

  @Override
  public Operand channels(int layer, Operand gradient, int first, Shape part) {
    return gradient.slice(first, part.dim(0));
  }

  @Override
  public Operand add(Operand one, Operand other) {
    Operand sum = memory.allocate(one.packed(), 1);
    long n = one.channels() * one.plane();
    step(
        "sum of gradients: kernel add",
        List.of(one, other, sum),
        at -> {
          long a = at.of(one);
          long b = at.of(other);
          long to = at.of(sum);
          return () -> tools.kernels().add(a, b, n, to);
        });
    return sum;
  }
}
