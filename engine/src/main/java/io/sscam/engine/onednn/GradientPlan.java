package io.sscam.engine.onednn;

import io.sscam.engine.graph.BackwardPass;
import io.sscam.engine.graph.Graph;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.PointerScope;

/**
 * A forward pass of one picture that keeps what its backward pass reads, and that backward pass.
 * They meet in caller's memory: values of the net under {@link #key}, the gradient by the logits
 * under {@link #SEED} and the result under {@link #RESULT}.
 */
public record GradientPlan(NetPlan forward, NetPlan backward) implements AutoCloseable {
  /** The key of the gradient by the logits. */
  public static final String SEED = " gradient by logits";

  /** The key of the gradient by the start value. */
  public static final String RESULT = " gradient";

  /** The key of a value of the forward pass, N C H W. */
  public static String key(int value) {
    return " value " + value;
  }

  /** The values that need a place: what the backward pass reads, and where it ends. */
  public static Set<Integer> values(Graph graph, int start) {
    Set<Integer> values = new TreeSet<>(BackwardPass.valuesRead(graph, start));
    values.add(start);
    return values;
  }

  /** Compiles both passes. */
  public static GradientPlan compile(PackedWeights weights, int start, AtomicLong liveBytes) {
    Graph graph = weights.graph();
    Map<String, Integer> keep = new HashMap<>();
    values(graph, start).forEach(value -> keep.put(key(value), value));
    // Of float32 plain sums: a gradient jumps where rounding turns a unit on or off.
    PlanSpec spec = new PlanSpec(keep, Arithmetic.ofOne(weights.precision()));
    NetPlan forward = NetPlan.compile(weights, 1, spec, liveBytes);
    PointerScope scope = new PointerScope();
    try {
      NetPlan backward = new BackwardPlanBuilder(weights).build(scope, start, liveBytes);
      scope.extend(); // the plan's close() frees it
      return new GradientPlan(forward, backward);
    } catch (RuntimeException e) {
      forward.close();
      throw e;
    } finally {
      scope.close();
    }
  }

  @Override
  public void close() {
    backward.close();
    forward.close();
  }
}
