package io.sscam.engine.cpu;

import io.sscam.engine.backend.Gradient;
import io.sscam.engine.backend.StepTime;
import io.sscam.engine.backend.Tensor;
import io.sscam.engine.graph.BackwardPass;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.onednn.GradientPlan;
import io.sscam.engine.onednn.NetPlan;
import io.sscam.engine.onednn.PackedWeights;
import io.sscam.engine.onednn.PlanSpec;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Forward and backward pass of one picture, each layer on all threads. */
final class CpuGradient implements Gradient {
  private final WorkerPool pool;
  private final String layer;
  private final String activation;
  private final NetTensors tensors;
  private final GradientPlan plan;

  CpuGradient(WorkerPool pool, PackedWeights weights, String layer, AtomicLong liveBytes) {
    Graph graph = weights.graph();
    int start = graph.value(layer);
    BackwardPass.requireInfluence(graph, start);
    this.pool = pool;
    this.layer = layer;
    this.tensors = new NetTensors("gradient", 1, liveBytes);
    this.activation = GradientPlan.key(start);
    try {
      tensors.add(PlanSpec.INPUT, "input", graph.input());
      tensors.add(PlanSpec.LOGITS, "logits", graph.logits());
      tensors.add(GradientPlan.SEED, "gradient by the logits", graph.logits());
      tensors.add(GradientPlan.RESULT, "gradient by " + layer, graph.shape(layer));
      for (int value : GradientPlan.values(graph, start)) {
        String name = graph.layers().get(value).name();
        tensors.add(GradientPlan.key(value), name, graph.layers().get(value).output());
      }
      plan = pool.together(() -> GradientPlan.compile(weights, start, liveBytes));
    } catch (RuntimeException e) {
      tensors.close();
      throw e;
    }
  }

  @Override
  public Tensor input() {
    return tensors.get(PlanSpec.INPUT);
  }

  @Override
  public Tensor logits() {
    return tensors.get(PlanSpec.LOGITS);
  }

  @Override
  public Tensor kept(String label) {
    if (!label.equals(layer)) {
      throw new IllegalArgumentException("layer \"" + label + "\" is not kept, but " + layer);
    }
    return tensors.get(activation);
  }

  @Override
  public int batch() {
    return 1;
  }

  @Override
  public Tensor gradient() {
    return tensors.get(GradientPlan.RESULT);
  }

  @Override
  public void run(int count) {
    if (count != 1) {
      throw new IllegalArgumentException("cannot run " + count + " of 1 pictures");
    }
    run(plan.forward());
  }

  @Override
  public List<StepTime> profile() {
    tensors.check();
    return pool.together(() -> plan.forward().profile(tensors.places(0), 1));
  }

  @Override
  public void backward(int classIndex) {
    FloatBuffer seed = tensors.get(GradientPlan.SEED).buffer().floats();
    if (classIndex < 0 || classIndex >= seed.capacity()) {
      throw new IllegalArgumentException(
          "there is no class " + classIndex + " among " + seed.capacity());
    }
    for (int c = 0; c < seed.capacity(); c++) {
      seed.put(c, c == classIndex ? 1 : 0);
    }
    run(plan.backward());
  }

  private void run(NetPlan pass) {
    tensors.check();
    pool.together(() -> pass.run(tensors.places(0)));
  }

  @Override
  public void close() {
    plan.close();
    tensors.close();
  }
}
