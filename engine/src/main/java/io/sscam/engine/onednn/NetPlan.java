package io.sscam.engine.onednn;

import io.sscam.engine.backend.StepTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/**
 * A net for a fixed number of pictures, called by one thread at a time: primitives with their
 * arguments bound to one block of activations. They compute with as many threads as were set, where
 * they were compiled, by {@link OnednnLibrary#useThreadsHere}. It reads and writes caller's memory
 * at offsets given with each run; nothing is allocated while it runs.
 */
public final class NetPlan implements AutoCloseable {

  /** Where a run reads or writes: a buffer and a byte offset. */
  public record Place(NativeBuffer buffer, long offset) {}

  /** One bound primitive. */
  @FunctionalInterface
  interface Step {
    void run(stream stream);
  }

  private final PointerScope scope;
  private final NativeBuffer activations;
  private final stream stream;
  private final List<Step> steps;
  private final List<PlanMemory.External> external;
  private final List<String> description;

  NetPlan(
      PointerScope scope,
      NativeBuffer activations,
      stream stream,
      List<Step> steps,
      List<PlanMemory.External> external,
      List<String> description) {
    this.scope = scope;
    this.activations = activations;
    this.stream = stream;
    this.steps = steps;
    this.external = external;
    this.description = description;
  }

  /**
   * Compiles a net.
   *
   * @param pictures how many at once
   * @param spec what to keep and how to compute
   */
  public static NetPlan compile(
      PackedWeights weights, int pictures, PlanSpec spec, AtomicLong liveBytes) {
    return compile(weights, pictures, spec, null, liveBytes);
  }

  /**
   * Compiles the same net for another number of pictures. It computes in this plan's memory, if
   * that is large enough: only one of them may run at a time, and they are to be closed together.
   */
  public NetPlan alsoFor(PackedWeights weights, int pictures, PlanSpec spec, AtomicLong liveBytes) {
    return compile(weights, pictures, spec, activations, liveBytes);
  }

  private static NetPlan compile(
      PackedWeights weights,
      int pictures,
      PlanSpec spec,
      @Nullable NativeBuffer shared,
      AtomicLong liveBytes) {
    PointerScope scope = new PointerScope();
    try {
      NetPlan plan = new PlanBuilder(weights, pictures, spec, liveBytes).build(scope, shared);
      scope.extend(); // the plan's close() frees it
      return plan;
    } finally {
      scope.close();
    }
  }

  /**
   * Runs the net.
   *
   * @param places where input, logits and the kept layers lie; see {@link PlanSpec} for their keys
   */
  public void run(Map<String, Place> places) {
    bind(places);
    for (Step step : steps) {
      step.run(stream);
    }
    stream._wait();
  }

  private void bind(Map<String, Place> places) {
    for (PlanMemory.External part : external) {
      Place place = places.get(part.key());
      if (place == null) {
        throw new IllegalArgumentException("no place given for " + part.key());
      }
      part.memory().set_data_handle(place.buffer().at(place.offset() + part.offset()));
    }
  }

  /**
   * Runs the net and times each step, over all parts of the batch that it is run for.
   *
   * @param pictures what the plan was compiled for
   */
  public List<StepTime> profile(Map<String, Place> places, int pictures) {
    bind(places);
    Map<String, Double> seconds = new LinkedHashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      long start = System.nanoTime();
      steps.get(i).run(stream);
      stream._wait();
      seconds.merge(description.get(i), (System.nanoTime() - start) * 1e-9, Double::sum);
    }
    List<StepTime> times = new ArrayList<>();
    seconds.forEach((step, time) -> times.add(new StepTime(step, pictures, time)));
    return times;
  }

  /** One line a primitive: layer, implementation and layouts. */
  public List<String> description() {
    return description;
  }

  @Override
  public void close() {
    activations.close();
    scope.deallocate();
  }
}
