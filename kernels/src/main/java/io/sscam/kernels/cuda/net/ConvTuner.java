package io.sscam.kernels.cuda.net;

import io.sscam.engine.backend.OutOfDeviceMemoryException;
import io.sscam.kernels.cuda.driver.CapturedGraph;
import io.sscam.kernels.cuda.driver.CudaEvent;
import io.sscam.kernels.cuda.driver.CudaFailure;
import io.sscam.kernels.cuda.driver.DevicePointer;
import io.sscam.kernels.cuda.driver.DeviceWide;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionFwdAlgo;
import jcuda.jcudnn.cudnnConvolutionFwdAlgoPerf;

/**
 * Finds the fastest way to run a convolution by running it. What the library says it can do is only
 * a hint: a way counts once it has run.
 */
final class ConvTuner {
  private static final System.Logger LOG = System.getLogger(ConvTuner.class.getName());

  /** The fastest few of cuDNN's own measurement are worth a trial as fused calls. */
  private static final int TRIED = 8;

  /** A call longer than this is not measured again, and no other way is tried. */
  private static final float LONG_MILLIS = 100;

  /** Below this, launching takes a part of the time. */
  private static final float SHORT_MILLIS = 1;

  private static final int TOGETHER = 8;
  private static final int REPEATS = 3;
  private static final int NO_ROOM = -1;
  private static final int REFUSED = -2;
  private static final int PRECOMPUTED =
      cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM;

  private final NetTools tools;
  private final Workspace workspace;

  /** A way that has run, and the workspace that it was given. */
  record Chosen(ConvWay way, long bytes, String why) {}

  ConvTuner(NetTools tools, Workspace workspace) {
    this.tools = tools;
    this.workspace = workspace;
  }

  /**
   * Chooses a way; the outcome of earlier measurements is taken if it still runs.
   *
   * @throws CudaFailure if the convolution runs in no way at all
   * @throws OutOfDeviceMemoryException if no way has room for its workspace
   */
  Chosen choose(ConvCall call) {
    String key = call.layer().key();
    Optional<ConvWay> cached = tools.algorithms().find(key);
    if (cached.isPresent()) {
      ConvWay way = cached.get();
      long[] bytes = new long[1];
      if (call.allows(way)
          && call.workspaceBytes(way, bytes) == 0
          && hasRoom(call, way, bytes[0])
          && run(call, way, bytes[0]) == 0) {
        return new Chosen(way, bytes[0], "as measured before");
      }
      tools.algorithms().remove(key);
    }
    Chosen fastest = measure(call);
    tools.algorithms().put(key, fastest.way);
    return fastest;
  }

  private Chosen measure(ConvCall call) {
    Chosen best = null;
    float least = Float.POSITIVE_INFINITY;
    int refusal = 0;
    boolean lacksRoom = false;
    List<ConvWay> ways = ways(call);
    int fastestPlain =
        ways.stream().filter(way -> !way.fused()).findFirst().orElseThrow().algorithm();
    for (ConvWay way : ways) {
      if (best != null && isBeaten(way, best.way, fastestPlain)) {
        break;
      }
      long[] bytes = new long[1];
      int status = call.workspaceBytes(way, bytes);
      if (status == 0 && !hasRoom(call, way, bytes[0])) {
        lacksRoom = true;
        continue;
      }
      status = status == 0 ? run(call, way, bytes[0]) : status;
      if (status != 0) {
        lacksRoom |= CudnnHandle.lacksMemory(status);
        refusal = status;
        continue;
      }
      float millis = time(call, way, bytes[0]); // infinite if it was refused this time
      if (millis < least) {
        least = millis;
        best = new Chosen(way, bytes[0], "%.3f ms".formatted(millis));
      }
      if (best != null && millis > LONG_MILLIS) {
        break; // such a call fills the device whichever way it goes
      }
    }
    if (best != null) {
      return best;
    }
    String layer = call.layer().name() + ": " + call.layer().key();
    if (lacksRoom) {
      throw new OutOfDeviceMemoryException(
          layer + ": no algorithm has room in " + workspace.bytes() + " bytes");
    }
    throw new CudaFailure(
        "cudnnConvolutionForward(" + layer + ")",
        refusal,
        "no algorithm runs; the last said " + CudnnHandle.meaning(refusal));
  }

  /**
   * Whether this way and those behind it need not be tried: the default arithmetic is for what runs
   * in no other; and once the fastest algorithm also runs fused, no plain way can be better.
   */
  private static boolean isBeaten(ConvWay way, ConvWay best, int fastestPlain) {
    return (way.defaultMath() && !best.defaultMath())
        || (!way.fused() && best.algorithm() == fastestPlain);
  }

  /** Fused ways first, then those with our own kernel behind. */
  private List<ConvWay> ways(ConvCall call) {
    Set<Integer> algorithms = candidates(call);
    List<ConvWay> ways = new ArrayList<>();
    for (int algorithm : algorithms) {
      // cuDNN: without a ReLU only this algorithm adds a bias.
      if (call.layer().relu() || algorithm == PRECOMPUTED) {
        ways.add(new ConvWay(algorithm, true, true));
        ways.add(new ConvWay(algorithm, true, false));
      }
    }
    for (int algorithm : algorithms) {
      ways.add(new ConvWay(algorithm, false, true));
      ways.add(new ConvWay(algorithm, false, false));
    }
    List.copyOf(ways).forEach(way -> ways.add(way.withDefaultMath()));
    ways.removeIf(way -> !call.allows(way));
    return ways;
  }

  private Set<Integer> candidates(ConvCall call) {
    Set<Integer> algorithms = new LinkedHashSet<>();
    if (call.allowsDirect()) {
      algorithms.addAll(find(call, true));
    }
    if (algorithms.isEmpty() && !call.layer().output().isPacked()) {
      algorithms.addAll(find(call, false));
    }
    algorithms.add(PRECOMPUTED);
    algorithms.add(cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM);
    return algorithms;
  }

  /** cuDNN's own measurement of the plain convolution, fastest first; empty if it has none. */
  private List<Integer> find(ConvCall call, boolean direct) {
    int most = 2 * cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_COUNT;
    cudnnConvolutionFwdAlgoPerf[] found = new cudnnConvolutionFwdAlgoPerf[most];
    for (int i = 0; i < most; i++) {
      found[i] = new cudnnConvolutionFwdAlgoPerf();
    }
    int[] count = new int[1];
    int status = DeviceWide.get(() -> find(call, direct, found, count));
    List<Integer> algorithms = new ArrayList<>();
    for (int i = 0; status == 0 && i < count[0]; i++) {
      if (found[i].status == 0
          && algorithms.size() < TRIED
          && !algorithms.contains(found[i].algo)) {
        algorithms.add(found[i].algo);
      }
    }
    return algorithms;
  }

  private int find(
      ConvCall call, boolean direct, cudnnConvolutionFwdAlgoPerf[] found, int[] count) {
    long scratch = call.scratchBytes(direct);
    if (scratch >= workspace.bytes()) {
      return NO_ROOM;
    }
    try {
      return JCudnn.cudnnFindConvolutionForwardAlgorithmEx(
          tools.cudnn().handle(),
          call.input(),
          new DevicePointer(call.addresses().x()),
          call.filter(),
          new DevicePointer(call.addresses().weights().weight()),
          call.convolution(),
          call.output(direct),
          new DevicePointer(direct ? call.addresses().y() : workspace.address()),
          found.length,
          count,
          found,
          new DevicePointer(workspace.address() + scratch),
          workspace.bytes() - scratch);
    } catch (ArrayIndexOutOfBoundsException e) {
      // JCudnn takes the count as it finds it, and a call that fails need not have set it.
      return REFUSED;
    }
  }

  private boolean hasRoom(ConvCall call, ConvWay way, long bytes) {
    return bytes >= 0 && bytes <= workspace.bytes() - call.scratchBytes(way.direct());
  }

  /** Runs once and waits, so that what is refused only on the device is known too. */
  private int run(ConvCall call, ConvWay way, long bytes) {
    int status = call.enqueue(way, workspace.address(), bytes);
    tools.stream().synchronise();
    return status;
  }

  /**
   * Milliseconds a call; infinite if it is refused. What is short is timed as a recorded graph of
   * several, since that is how a net runs: launched one by one, the host would be what is measured.
   */
  private float time(ConvCall call, ConvWay way, long bytes) {
    int[] status = {0};
    float single = time(() -> status[0] |= call.enqueue(way, workspace.address(), bytes));
    if (status[0] != 0) {
      return Float.POSITIVE_INFINITY;
    }
    if (single >= SHORT_MILLIS) {
      return single;
    }
    Runnable recorded =
        () -> {
          int refusal = call.enqueue(way, workspace.address(), bytes);
          CudnnHandle.check(refusal, "cudnnConvolutionForward", way);
        };
    try (CapturedGraph calls = CapturedGraph.capture(tools.stream(), () -> repeat(recorded))) {
      return time(() -> calls.launch(tools.stream())) / TOGETHER;
    } catch (CudaFailure | OutOfDeviceMemoryException e) {
      LOG.log(System.Logger.Level.DEBUG, "timed one by one: " + way, e);
      return single;
    }
  }

  private static void repeat(Runnable work) {
    for (int i = 0; i < TOGETHER; i++) {
      work.run();
    }
  }

  /** The least of a few. */
  private float time(Runnable work) {
    try (CudaEvent start = CudaEvent.create(true);
        CudaEvent end = CudaEvent.create(true)) {
      float least = Float.POSITIVE_INFINITY;
      for (int i = 0; i < REPEATS && (i == 0 || least < LONG_MILLIS); i++) {
        start.record(tools.stream());
        work.run();
        end.record(tools.stream());
        end.await();
        least = Math.min(least, end.millisSince(start));
      }
      return least;
    }
  }
}
