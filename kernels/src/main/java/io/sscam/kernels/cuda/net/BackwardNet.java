package io.sscam.kernels.cuda.net;

import io.sscam.engine.backend.Closing;
import io.sscam.engine.backend.OutOfDeviceMemoryException;
import io.sscam.engine.graph.BackwardPass;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import io.sscam.kernels.cuda.driver.Copies;
import io.sscam.kernels.cuda.driver.DeviceWide;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The way back from a logit to a value, for the picture of a net's last run. Computes in float32:
 * its products are of the net's precision, or FP32 where that is FP16. Confined to its session's
 * thread.
 */
public final class BackwardNet implements AutoCloseable {
  private static final int ONE = Float.floatToRawIntBits(1);

  private final NetTools tools;
  private final DeviceWeights weights;
  private final DeviceBlocks blocks;
  private long seed;
  private long result;
  private @Nullable DevicePlan plan;
  private boolean closed;

  private BackwardNet(NetTools tools, DeviceWeights weights) {
    this.tools = tools;
    this.weights = weights;
    this.blocks = new DeviceBlocks(tools.context(), tools.liveBytes());
  }

  /** The values that the forward pass must keep: what the backward pass reads, and its end. */
  public static Set<Integer> valuesToKeep(Graph graph, int start) {
    Set<Integer> values = new TreeSet<>(BackwardPass.valuesRead(graph, start));
    values.add(start);
    return values;
  }

  /**
   * Compiles the way back: reserves all memory, chooses all algorithms and records the steps.
   *
   * @param forward a net of the same weights that keeps the {@link #valuesToKeep}; to be closed
   *     after this
   * @param start the value to differentiate by
   * @throws IllegalArgumentException if the logits do not depend on it
   * @throws OutOfDeviceMemoryException if the device has not enough; then nothing is left behind
   */
  public static BackwardNet compile(
      NetTools tools, DeviceWeights weights, CudaNet forward, int start) {
    tools.context().makeCurrent();
    BackwardNet net = new BackwardNet(tools, weights);
    try {
      DeviceWide.run(() -> net.build(forward, start));
      return net;
    } catch (RuntimeException e) {
      net.close();
      throw e;
    }
  }

  private void build(CudaNet forward, int start) {
    Graph graph = weights.graph();
    Layer layer = graph.layers().get(start);
    String name = "gradient by " + layer.name();
    seed = blocks.allocate("gradient by the logits", bytes(graph.logits().elements())).address();
    result = blocks.allocate(name, bytes(layer.output().elements())).address();
    FloatWeights floats = new FloatWeights(tools, weights, blocks);
    Workspace workspace = workspace();
    plan =
        DevicePlan.compile(
            tools,
            name,
            new DevicePlan.Shared(blocks, workspace),
            (scratch, descriptors) -> {
              PlanMemory memory =
                  new BackwardPlanBuilder(
                          tools, weights, floats, forward::keptAddress, scratch, descriptors)
                      .record(start, seed, result);
              floats.convert();
              return memory;
            });
    workspace.settle();
    plan.record();
  }

  private Workspace workspace() {
    boolean linear = weights.graph().layers().stream().anyMatch(Layer.Linear.class::isInstance);
    int capability = tools.context().computeCapability();
    long products = linear ? LinearStep.workspaceBytes(capability) : 0;
    return new Workspace(blocks, tools.context().freeBytes(), weights.bytesPerPicture(), products);
  }

  private static long bytes(long elements) {
    return elements * Float.BYTES;
  }

  /** Where a run leaves the gradient: float32 (1, K, h, w). */
  public long gradientAddress() {
    plan();
    return result;
  }

  /**
   * Queues the way back from the logit of a class. Allocates nothing and waits for nothing.
   *
   * @throws IllegalArgumentException if there is no such class
   * @throws IllegalStateException if this or its model is closed
   */
  public void run(int classIndex) {
    DevicePlan steps = plan();
    weights.check();
    long classes = weights.graph().logits().elements();
    if (classIndex < 0 || classIndex >= classes) {
      throw new IllegalArgumentException("there is no class " + classIndex + " among " + classes);
    }
    tools.context().makeCurrent();
    Copies.fill32(tools.stream(), seed, 0, classes);
    Copies.fill32(tools.stream(), seed + bytes(classIndex), ONE, 1);
    steps.run();
  }

  /** How everything is computed: a line for the whole and one for each step. */
  public List<String> describe() {
    return plan().describe();
  }

  private DevicePlan plan() {
    DevicePlan made = plan;
    if (closed || made == null) {
      throw new IllegalStateException("the gradient is used after it was closed");
    }
    return made;
  }

  /** Waits for the work and frees everything. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    List<Runnable> closes = new ArrayList<>();
    closes.add(tools.context()::makeCurrent);
    closes.add(tools.stream()::synchronise);
    DevicePlan made = plan;
    if (made != null) {
      closes.add(made::close);
    }
    closes.add(blocks::close);
    Closing.all(closes);
  }
}
