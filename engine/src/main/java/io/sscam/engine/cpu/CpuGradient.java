package io.sscam.engine.cpu;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.DataType;
import io.sscam.engine.backend.Gradient;
import io.sscam.engine.backend.StepTime;
import io.sscam.engine.backend.Tensor;
import io.sscam.engine.graph.BackwardPass;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.onednn.GradientPlan;
import io.sscam.engine.onednn.NetPlan.Place;
import io.sscam.engine.onednn.PackedWeights;
import io.sscam.engine.onednn.PlanSpec;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/** Forward and backward pass of one picture, on one worker. */
final class CpuGradient implements Gradient {
  private final WorkerPool.Team worker;
  private final CpuArena arena;
  private final String layer;
  private final String activation;
  private final Map<String, CpuTensor> tensors = new HashMap<>();
  private final Map<String, Place> places = new HashMap<>();
  private final GradientPlan plan;

  CpuGradient(WorkerPool pool, PackedWeights weights, String layer, AtomicLong liveBytes) {
    Graph graph = weights.graph();
    int start = graph.value(layer);
    BackwardPass.requireInfluence(graph, start);
    this.worker = pool.team(1);
    this.layer = layer;
    this.arena = new CpuArena("gradient", liveBytes);
    this.activation = GradientPlan.key(start);
    try {
      tensor(PlanSpec.INPUT, "input", graph.input());
      tensor(PlanSpec.LOGITS, "logits", graph.logits());
      tensor(GradientPlan.SEED, "gradient by the logits", graph.logits());
      tensor(GradientPlan.RESULT, "gradient by " + layer, graph.shape(layer));
      for (int value : GradientPlan.values(graph, start)) {
        String name = graph.layers().get(value).name();
        tensor(GradientPlan.key(value), name, graph.layers().get(value).output());
      }
      plan = compile(weights, start, liveBytes);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private GradientPlan compile(PackedWeights weights, int start, AtomicLong liveBytes) {
    GradientPlan[] made = new GradientPlan[1];
    worker.run(1, (number, index) -> made[0] = GradientPlan.compile(weights, start, liveBytes));
    return made[0];
  }

  private void tensor(String key, String name, Shape shape) {
    CpuTensor tensor = (CpuTensor) arena.allocate(name, DataType.F32, shape.withBatch(1));
    tensors.put(key, tensor);
    places.put(key, new Place(tensor.buffer(), 0));
  }

  private CpuTensor tensor(String key) {
    return CpuTensor.of(Objects.requireNonNull(tensors.get(key)));
  }

  @Override
  public Tensor input() {
    return tensor(PlanSpec.INPUT);
  }

  @Override
  public Tensor logits() {
    return tensor(PlanSpec.LOGITS);
  }

  @Override
  public Tensor kept(String label) {
    if (!label.equals(layer)) {
      throw new IllegalArgumentException("layer \"" + label + "\" is not kept, but " + layer);
    }
    return tensor(activation);
  }

  @Override
  public int batch() {
    return 1;
  }

  @Override
  public Tensor gradient() {
    return tensor(GradientPlan.RESULT);
  }

  @Override
  public void run(int count) {
    if (count != 1) {
      throw new IllegalArgumentException("cannot run " + count + " of 1 pictures");
    }
    tensor(PlanSpec.INPUT);
    worker.run(1, (number, index) -> plan.forward().run(places));
  }

  @Override
  public List<StepTime> profile() {
    List<StepTime> times = new ArrayList<>();
    worker.run(1, (number, index) -> times.addAll(plan.forward().profile(places, 1)));
    return List.copyOf(times);
  }

  @Override
  public void backward(int classIndex) {
    FloatBuffer seed = tensor(GradientPlan.SEED).buffer().floats();
    if (classIndex < 0 || classIndex >= seed.capacity()) {
      throw new IllegalArgumentException(
          "there is no class " + classIndex + " among " + seed.capacity());
    }
    for (int c = 0; c < seed.capacity(); c++) {
      seed.put(c, c == classIndex ? 1 : 0);
    }
    worker.run(1, (number, index) -> plan.backward().run(places));
  }

  @Override
  public void close() {
    plan.close();
    arena.close();
  }
}
