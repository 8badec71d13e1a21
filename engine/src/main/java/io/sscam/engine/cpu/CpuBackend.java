package io.sscam.engine.cpu;

import io.sscam.engine.TensorSource;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Device;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.backend.Session;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.onednn.OnednnLibrary;
import io.sscam.engine.onednn.PackedWeights;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The CPU: nets on oneDNN, the rest in Java. Pictures are spread over workers of one thread each;
 * only a net for a single picture uses all threads for each layer. Results do not depend on how
 * many there are.
 */
public final class CpuBackend implements Backend {
  /** More than most machines have cores; each thread takes memory, and thousands end the JVM. */
  private static final int MOST_THREADS =
      Math.max(1024, Runtime.getRuntime().availableProcessors());

  private static final int SMALLEST_BATCH = 32;
  private static final int BATCH_PER_WORKER = 16;

  private final WorkerPool pool;
  private final AtomicLong liveBytes = new AtomicLong();
  private final Device device;

  /**
   * Starts the workers.
   *
   * @param threads how many, from 1 to 1024, or to the number of cores if that is more
   * @throws io.sscam.engine.backend.BackendUnavailableException if oneDNN cannot be loaded here
   */
  public CpuBackend(int threads) {
    if (threads < 1 || threads > MOST_THREADS) {
      throw new IllegalArgumentException(
          "threads must be from 1 to " + MOST_THREADS + ", not " + threads);
    }
    // Where OpenMP's team cannot be reduced to one, a single worker leaves the cores to it.
    int workers = OnednnLibrary.canBindThreads() ? threads : 1;
    pool = new WorkerPool(workers);
    device = new Device("cpu", OnednnLibrary.version() + ", " + workers + " workers", workers);
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public Set<Precision> precisions() {
    return OnednnLibrary.precisions();
  }

  @Override
  public Model load(Graph graph, TensorSource weights, Precision precision) {
    require(precision);
    return new PackedWeights(graph, weights, precision, liveBytes);
  }

  @Override
  public int suggestedBatch(Model model) {
    return Math.max(SMALLEST_BATCH, BATCH_PER_WORKER * pool.size());
  }

  @Override
  public Session openSession() {
    return new CpuSession(pool, liveBytes);
  }

  @Override
  public long liveBytes() {
    return liveBytes.get();
  }

  @Override
  public void close() {
    pool.close();
  }
}
