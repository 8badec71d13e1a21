package io.sscam.kernels.cuda.net;

import io.sscam.engine.backend.Closing;
import io.sscam.kernels.cuda.driver.CudaEvent;
import io.sscam.kernels.cuda.driver.CudaStream;
import java.util.ArrayList;
import java.util.List;

/** Lets the host be at most some runs ahead of the device, so that a stop takes effect soon. */
final class RunQueue implements AutoCloseable {
  private static final int AHEAD = 8;

  private final CudaStream stream;
  private final List<CudaEvent> ends = new ArrayList<>();
  private long runs;

  RunQueue(CudaStream stream) {
    this.stream = stream;
    try {
      while (ends.size() < AHEAD) {
        ends.add(CudaEvent.create(false));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Queues a run; waits first if the device is too far behind. */
  void run(Runnable work) {
    CudaEvent end = ends.get((int) (runs % AHEAD));
    if (runs >= AHEAD) {
      end.await();
    }
    work.run();
    end.record(stream);
    runs++;
  }

  @Override
  public void close() {
    List<Runnable> closes = new ArrayList<>();
    ends.forEach(end -> closes.add(end::close));
    ends.clear();
    Closing.all(closes);
  }
}
