package io.sscam.kernels.cuda.net;

import io.sscam.engine.backend.OutOfDeviceMemoryException;
import io.sscam.engine.backend.StepTime;
import io.sscam.kernels.cuda.driver.CapturedGraph;
import io.sscam.kernels.cuda.driver.CudaEvent;
import io.sscam.kernels.cuda.driver.CudaFailure;
import io.sscam.kernels.cuda.driver.DeviceMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A net for a fixed number of pictures, or its way back, bound to its memory: a list of steps,
 * recorded as a CUDA graph where the host can, so that a run is one launch.
 */
final class DevicePlan implements AutoCloseable {
  private static final int RUNS_AHEAD = 3;

  private final NetTools tools;
  private final String name;
  private final Descriptors descriptors = new Descriptors();
  private List<Step> steps = List.of();
  private @Nullable CapturedGraph graph;
  private String launches = "";

  /** Turns a graph into the steps of a plan. */
  @FunctionalInterface
  interface Recording {
    /** Records all steps; those that are bound later use the workspace and descriptors. */
    PlanMemory record(Workspace workspace, Descriptors descriptors);
  }

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

  private DevicePlan(NetTools tools, String name) {
    this.tools = tools;
    this.name = name;
  }

  /**
   * Makes the steps and chooses their algorithms; {@link #record} is to follow once the workspace
   * has its final place.
   *
   * @param name what its description begins with
   * @throws io.sscam.engine.backend.OutOfDeviceMemoryException if the device has not enough
   */
  static DevicePlan compile(NetTools tools, String name, Shared shared, Recording recording) {
    DevicePlan plan = new DevicePlan(tools, name);
    try {
      PlanMemory memory = recording.record(shared.workspace, plan.descriptors);
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
    // Twice: whatever else the process does with the device may have spoiled the first.
    for (int attempt = 0; graph == null && attempt < 2; attempt++) {
      try {
        graph = CapturedGraph.capture(tools.stream(), this::enqueue);
        launches = "one launch of a graph of " + steps.size() + " steps";
      } catch (CudaFailure | OutOfDeviceMemoryException e) {
        launches = steps.size() + " steps launched one by one, no graph: " + e.getMessage();
      }
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

  /**
   * Runs the steps one by one with a mark between them, and waits.
   *
   * @param pictures what the plan was compiled for
   */
  List<StepTime> profile(int pictures) {
    List<CudaEvent> marks = new ArrayList<>();
    try {
      for (int i = 0; i <= steps.size(); i++) {
        marks.add(CudaEvent.create(true));
      }
      // Work to do first, so that the steps lie ready: else launching them is what is timed.
      for (int i = 0; i < RUNS_AHEAD; i++) {
        run();
      }
      marks.get(0).record(tools.stream());
      for (int i = 0; i < steps.size(); i++) {
        steps.get(i).enqueue();
        marks.get(i + 1).record(tools.stream());
      }
      tools.stream().synchronise();
      List<StepTime> times = new ArrayList<>();
      for (int i = 0; i < steps.size(); i++) {
        double seconds = marks.get(i + 1).millisSince(marks.get(i)) * 1e-3;
        times.add(new StepTime(steps.get(i).describe(), pictures, seconds));
      }
      return times;
    } finally {
      marks.forEach(CudaEvent::close);
    }
  }

  /** A line for the plan and one for each step. */
  List<String> describe() {
    List<String> lines = new ArrayList<>(List.of(name + ": " + launches));
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
