package io.sscam.engine.reference;

import io.sscam.engine.TensorSource;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Device;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.backend.Session;
import io.sscam.engine.graph.Graph;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The oracle of the other backends: slow, plain, in double precision between the float32 tensors.
 */
public final class ReferenceBackend implements Backend {
  private final Device device;
  private final AtomicLong live = new AtomicLong();

  /**
   * Opens a reference.
   *
   * @param threads 1 to compute in the calling thread only, more to use the common pool
   */
  public ReferenceBackend(int threads) {
    this.device = new Device("reference", "plain loops, double accumulators", threads);
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public Set<Precision> precisions() {
    return Set.of(Precision.FP32);
  }

  @Override
  public Model load(Graph graph, TensorSource weights, Precision precision) {
    require(precision);
    return new ReferenceModel(graph, weights, precision, device.threads(), live);
  }

  @Override
  public int suggestedBatch(Model model) {
    return 8;
  }

  @Override
  public Session openSession() {
    return new ReferenceSession(live);
  }

  @Override
  public long liveBytes() {
    return live.get();
  }

  @Override
  public void close() {}
}
