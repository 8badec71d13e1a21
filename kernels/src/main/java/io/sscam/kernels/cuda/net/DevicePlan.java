package io.sscam.kernels.cuda.net;

import io.sscam.kernels.cuda.driver.CapturedGraph;
import io.sscam.kernels.cuda.driver.CudaFailure;
import io.sscam.kernels.cuda.driver.DeviceMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A net for a fixed number of pictures, bound to its memory: a list of steps, recorded as a CUDA
 * graph where the host can, so that a run is one launch.
 */
final class DevicePlan implements AutoCloseable {
  private final NetTools tools;
  private final int pictures;
  private final Descriptors descriptors = new Descriptors();
  private List<Step> steps = List.of();
  private @Nullable CapturedGraph graph;
  private String launches = "";

  /** What all plans of a net use one after the other. */
  static final class Shared {
    private final DeviceBlocks blocks;
    private final Workspace workspace;
    private @Nullable DeviceMemory activations;

    Shared(DeviceBlocks blocks, Workspace workspace) {
      this.blocks = blocks;
      this.workspace = workspace;
    }

    /** The block of activations; the plan of the largest batch comes first and sets its size. */
    private long activations(long bytes) {
      DeviceMemory present = activations;
      if (present == null || present.bytes() < bytes) {
        present = blocks.allocate("activations", bytes);
        activations = present;
      }
      return present.address();
    }
  }

  private DevicePlan(NetTools tools, int pictures) {
    this.tools = tools;
    this.pictures = pictures;
  }

  /**
   * Makes the steps and chooses their algorithms; {@link #record} is to follow once the workspace
   * has its final place.
   *
   * @throws io.sscam.engine.backend.OutOfDeviceMemoryException if the device has not enough
   */
  static DevicePlan compile(
      NetTools tools, DeviceWeights weights, int pictures, NetPlaces places, Shared shared) {
    DevicePlan plan = new DevicePlan(tools, pictures);
    try {
      PlanMemory memory =
          new PlanBuilder(tools, weights, pictures, places, shared.workspace, plan.descriptors)
              .record();
      plan.steps = memory.bind(shared.activations(memory.place()));
      return plan;
    } catch (RuntimeException e) {
      plan.close();
      throw e;
    }
  }

  /** Records the steps as a graph; a host that cannot launches them one by one. */
  void record() {
    // A library loads code when first called, which cannot be recorded; convolutions ran already.
    steps.stream().filter(step -> !(step instanceof ConvStep)).forEach(Step::enqueue);
    tools.stream().synchronise();
    try {
      graph = CapturedGraph.capture(tools.stream(), this::enqueue);
      launches = "one launch of a graph of " + steps.size() + " steps";
    } catch (CudaFailure e) {
      launches = steps.size() + " steps launched one by one, no graph: " + e.getMessage();
    }
  }

  private void enqueue() {
    for (Step step : steps) {
      step.enqueue();
    }
  }

  /** Queues one run. */
  void run() {
    CapturedGraph captured = graph;
    if (captured == null) {
      enqueue();
    } else {
      captured.launch(tools.stream());
    }
  }

  int pictures() {
    return pictures;
  }

  /** A line for the plan and one for each step. */
  List<String> describe() {
    List<String> lines = new ArrayList<>(List.of(pictures + " pictures: " + launches));
    lines.addAll(steps.stream().map(step -> "  " + step.describe()).collect(Collectors.toList()));
    return lines;
  }

  @Override
  public void close() {
    CapturedGraph captured = graph;
    graph = null;
    try {
      if (captured != null) {
        captured.close();
      }
    } finally {
      descriptors.close();
    }
  }
}
