package io.sscam.kernels.cuda.driver;

import static io.sscam.kernels.cuda.driver.CudaFailure.check;

import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUgraphNode;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;

/** Work that was recorded once and is launched as a whole. */
public final class CapturedGraph implements AutoCloseable {
  private final CUgraph graph;
  private final CUgraphExec executable = new CUgraphExec();
  private boolean closed;

  private CapturedGraph(CUgraph graph) {
    this.graph = graph;
    int status = JCudaDriver.cuGraphInstantiate(executable, graph, 0);
    if (status != 0) {
      JCudaDriver.cuGraphDestroy(graph);
    }
    check(status, "cuGraphInstantiate");
  }

  /**
   * Records what {@code work} queues on the stream, without running it. Other threads may go on
   * using the device meanwhile, save for what is {@link DeviceWide}.
   *
   * @throws CudaFailure if something was queued that cannot be recorded; the stream is usable again
   */
  public static CapturedGraph capture(CudaStream stream, Runnable work) {
    return DeviceWide.get(() -> record(stream, work));
  }

  private static CapturedGraph record(CudaStream stream, Runnable work) {
    int mode = CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL;
    check(JCudaDriver.cuStreamBeginCapture(stream.handle(), mode), "cuStreamBeginCapture");
    CUgraph graph = new CUgraph();
    int status;
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      // A broken capture must be ended, or the stream stays in it.
      if (JCudaDriver.cuStreamEndCapture(stream.handle(), graph) == 0) {
        JCudaDriver.cuGraphDestroy(graph);
      }
      throw e;
    }
    status = JCudaDriver.cuStreamEndCapture(stream.handle(), graph);
    check(status, "cuStreamEndCapture");
    return new CapturedGraph(graph);
  }

  /** Queues the work. */
  public void launch(CudaStream stream) {
    checkOpen();
    check(JCudaDriver.cuGraphLaunch(executable, stream.handle()), "cuGraphLaunch");
  }

  /** How many pieces of work it holds. */
  public int nodes() {
    checkOpen();
    long[] count = new long[1];
    check(JCudaDriver.cuGraphGetNodes(graph, (CUgraphNode[]) null, count), "cuGraphGetNodes");
    return (int) count[0];
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("a captured graph was used after it was closed");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      int first = JCudaDriver.cuGraphExecDestroy(executable);
      int second = JCudaDriver.cuGraphDestroy(graph);
      check(first, "cuGraphExecDestroy");
      check(second, "cuGraphDestroy");
    }
  }
}
