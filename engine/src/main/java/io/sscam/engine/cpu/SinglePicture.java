package io.sscam.engine.cpu;

import io.sscam.engine.backend.StepTime;
import io.sscam.engine.onednn.Arithmetic;
import io.sscam.engine.onednn.NetPlan;
import io.sscam.engine.onednn.PackedWeights;
import io.sscam.engine.onednn.PlanSpec;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

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
  public void run(int count) {
    pool.together(() -> plan.run(tensors.places(0)));
  }

  @Override
  public void stream(int count, Feed feed, IntConsumer done) {
    for (int i = 0; i < count; i++) {
      int picture = i;
      pool.together(
          () -> {
            feed.write(WorkerPool.LEADER, picture, 1, 0);
            plan.run(tensors.places(0));
            feed.read(picture, 1, 0);
          });
      done.accept(1);
    }
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
