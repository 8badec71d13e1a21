package io.sscam.engine.cpu;

import io.sscam.engine.backend.StepTime;
import io.sscam.engine.onednn.Arithmetic;
import io.sscam.engine.onednn.NetPlan;
import io.sscam.engine.onednn.PackedWeights;
import io.sscam.engine.onednn.PlanSpec;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A net for one picture, each of its layers on all threads: by oneDNN's plain sums, which spread
 * over them; Winograd's transforms would stay on one.
 */
final class SinglePicture implements NetRunner {
  private final WorkerPool pool;
  private final NetTensors tensors;
  private final NetPlan plan;

  /**
   * Compiles the net.
   *
   * @param keep values by the keys of their tensors
   */
  SinglePicture(
      WorkerPool pool,
      PackedWeights weights,
      Map<String, Integer> keep,
      NetTensors tensors,
      AtomicLong liveBytes) {
    this.pool = pool;
    this.tensors = tensors;
    PlanSpec spec = new PlanSpec(keep, Arithmetic.ofOne(weights.precision()));
    this.plan = pool.together(() -> NetPlan.compile(weights, 1, spec, liveBytes));
  }

  @Override
  public void run(int count, Writer writer) {
    pool.together(
        () -> {
          writer.write(WorkerPool.LEADER, 0, 1);
          plan.run(tensors.places(0));
        });
  }

  @Override
  public List<StepTime> profile() {
    return pool.together(() -> plan.profile(tensors.places(0), 1));
  }

  @Override
  public void close() {
    plan.close();
  }
}
