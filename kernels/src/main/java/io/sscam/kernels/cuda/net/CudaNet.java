package io.sscam.kernels.cuda.net;

import io.sscam.engine.backend.Closing;
import io.sscam.engine.backend.OutOfDeviceMemoryException;
import io.sscam.engine.backend.StepTime;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import io.sscam.kernels.cuda.driver.CudaFailure;
import io.sscam.kernels.cuda.driver.DeviceWide;
import io.sscam.kernels.cuda.op.Layout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A net compiled for a batch. Plans for half, a quarter … of the batch are made when they are first
 * wanted and share its memory, so that a last chunk of few pictures does not cost a full one.
 * Confined to its session's thread.
 */
public final class CudaNet implements AutoCloseable {
  private final NetTools tools;
  private final DeviceWeights weights;
  private final int batch;
  private final DeviceBlocks blocks;
  private final NavigableMap<Integer, DevicePlan> plans = new TreeMap<>();
  private final List<String> notes = new ArrayList<>();
  private @Nullable NetPlaces places;
  private DevicePlan.@Nullable Shared shared;
  private @Nullable RunQueue queue;
  private boolean closed;

  private CudaNet(NetTools tools, DeviceWeights weights, int batch) {
    this.tools = tools;
    this.weights = weights;
    this.batch = batch;
    this.blocks = new DeviceBlocks(tools.context(), tools.liveBytes());
  }

  /**
   * Compiles a net: reserves all memory, chooses all algorithms and records the full batch's run.
   *
   * @param batch the most pictures of one run, at least 1
   * @param keep values of the graph that can be read after a run
   * @throws IllegalArgumentException if the batch is impossible
   * @throws OutOfDeviceMemoryException if the device has not enough; then nothing is left behind
   */
  public static CudaNet compile(
      NetTools tools, DeviceWeights weights, int batch, Set<Integer> keep) {
    weights.check();
    if (batch < 1) {
      throw new IllegalArgumentException("batch " + batch + " is not positive");
    }
    tools.context().makeCurrent();
    CudaNet net = new CudaNet(tools, weights, batch);
    try {
      DeviceWide.run(() -> net.build(keep));
      return net;
    } catch (RuntimeException e) {
      net.close();
      throw e;
    }
  }

  private void build(Set<Integer> keep) {
    places = reserve(keep);
    boolean linear = weights.graph().layers().stream().anyMatch(Layer.Linear.class::isInstance);
    int capability = tools.context().computeCapability();
    long products = linear ? LinearStep.workspaceBytes(capability) : 0;
    long activations = batch * weights.bytesPerPicture();
    Workspace workspace = new Workspace(blocks, tools.context().freeBytes(), activations, products);
    shared = new DevicePlan.Shared(blocks, workspace);
    queue = new RunQueue(tools.stream());
    DevicePlan full = plan(batch, places, shared);
    plans.put(batch, full);
    workspace.settle();
    full.record();
    tools.algorithms().save();
  }

  private NetPlaces reserve(Set<Integer> keep) {
    Graph graph = weights.graph();
    long pictures = blocks.allocate("input", inputBytes()).address();
    long rows = batch * graph.logits().elements() * Float.BYTES;
    long logits = blocks.allocate("logits", rows).address();
    Map<Integer, Long> byValue = new HashMap<>(Map.of(graph.layers().size() - 1, logits));
    for (int value : keep) {
      Layer layer = graph.layers().get(value);
      long bytes = batch * layer.output().elements() * Float.BYTES;
      byValue.computeIfAbsent(value, id -> blocks.allocate(layer.name(), bytes).address());
    }
    return new NetPlaces(pictures, inputChannels(), logits, Map.copyOf(byValue));
  }

  /** The most pictures of one run. */
  public int batch() {
    return batch;
  }

  /** The layout of the input. */
  public Layout inputLayout() {
    return weights.layout();
  }

  /** The channels of a picture in the input's memory, those of padding included. */
  public int inputChannels() {
    return weights.inputChannels(weights.graph().input().dim(0));
  }

  /** Bytes of the input for the whole batch. */
  public long inputBytes() {
    long plane = (long) weights.graph().input().dim(1) * weights.graph().input().dim(2);
    return batch * plane * inputChannels() * (weights.half() ? 2 : 4);
  }

  /** Where the pictures of a run are to be written. */
  public long inputAddress() {
    return places().input();
  }

  /** Where a run leaves its logits: float32 (batch, classes). */
  public long logitsAddress() {
    return places().logits();
  }

  /**
   * Where a run leaves a kept value: float32 (batch, C, H, W).
   *
   * @throws IllegalArgumentException if the value was not asked for
   */
  public long keptAddress(int value) {
    Long address = places().kept().get(value);
    if (address == null) {
      String name = weights.graph().layers().get(value).name();
      throw new IllegalArgumentException(name + " was not asked to be kept");
    }
    return address;
  }

  /**
   * Queues a run on the first {@code count} pictures. Allocates nothing and waits for nothing once
   * a run of this size has been made, except that it lets the device catch up when it is eight runs
   * behind. Rows from {@code count} on are undefined afterwards.
   *
   * @throws IllegalArgumentException if count is not in 1 … batch
   * @throws IllegalStateException if the net or its model is closed
   */
  public void run(int count) {
    NetPlaces where = places();
    weights.check();
    if (count < 1 || count > batch) {
      throw new IllegalArgumentException("cannot run " + count + " of " + batch + " pictures");
    }
    tools.context().makeCurrent();
    DevicePlan plan = plan(count, where);
    if (queue != null) {
      queue.run(plan::run);
    }
  }

  /** Runs the whole batch once, a step at a time, and waits. */
  public List<StepTime> profile() {
    NetPlaces where = places();
    weights.check();
    tools.context().makeCurrent();
    return plan(batch, where).profile(batch);
  }

  private DevicePlan plan(int count, NetPlaces where) {
    int size = sizeClass(batch, count);
    DevicePlan known = plans.get(size);
    if (known == null) {
      known = DeviceWide.get(() -> smaller(size, where));
      plans.put(size, known);
    }
    return known;
  }

  private DevicePlan plan(int pictures, NetPlaces where, DevicePlan.Shared memory) {
    return DevicePlan.compile(
        tools,
        pictures + " pictures",
        memory,
        (workspace, descriptors) ->
            new PlanBuilder(tools, weights, pictures, where, workspace, descriptors).record());
  }

  /** A plan for fewer pictures; the full one serves where there can be none. */
  private DevicePlan smaller(int size, NetPlaces where) {
    DevicePlan full = plans.lastEntry().getValue();
    if (shared == null) {
      return full;
    }
    try {
      DevicePlan made = plan(size, where, shared);
      made.record();
      tools.algorithms().save();
      return made;
    } catch (CudaFailure | OutOfDeviceMemoryException e) {
      notes.add(size + " pictures: run as " + batch + ", for " + e.getMessage());
      return full;
    }
  }

  /** The smallest of batch, ⌈batch/2⌉, ⌈batch/4⌉ … that is not below {@code count}. */
  static int sizeClass(int batch, int count) {
    int size = batch;
    while (size > 1 && (size + 1) / 2 >= count) {
      size = (size + 1) / 2;
    }
    return size;
  }

  /** How everything is computed: a line for each plan and each of its steps. */
  public List<String> describe() {
    List<String> lines = new ArrayList<>();
    plans.descendingMap().values().stream()
        .distinct()
        .forEach(plan -> lines.addAll(plan.describe()));
    lines.addAll(notes);
    return lines;
  }

  private NetPlaces places() {
    if (closed || places == null) {
      throw new IllegalStateException("the executable is used after it was closed");
    }
    return places;
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
    plans.values().forEach(plan -> closes.add(plan::close));
    RunQueue runs = queue;
    if (runs != null) {
      closes.add(runs::close);
    }
    closes.add(blocks::close);
    Closing.all(closes);
  }
}
