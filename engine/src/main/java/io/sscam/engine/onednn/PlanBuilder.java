package io.sscam.engine.onednn;

import io.sscam.engine.Shape;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.onednn.PlanMemory.Operand;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/**
 * Turns a graph into a {@link NetPlan}: the layers before its {@link Waist} for a few pictures
 * after the other, the others for all pictures at once.
 */
final class PlanBuilder {
  private final PackedWeights weights;
  private final Graph graph;
  private final int pictures;
  private final PlanSpec spec;
  private final AtomicLong liveBytes;
  private final stream stream = new stream(OnednnLibrary.engine());
  private final PlanMemory plan;

  PlanBuilder(PackedWeights weights, int pictures, PlanSpec spec, AtomicLong liveBytes) {
    this.weights = weights;
    this.graph = weights.graph();
    this.pictures = pictures;
    this.spec = spec;
    this.plan = new PlanMemory(graph, spec.arithmetic());
    this.liveBytes = liveBytes;
  }

  /**
   * Plans and binds the net.
   *
   * @param shared memory for the activations, used if it is large enough
   */
  NetPlan build(PointerScope scope, @Nullable NativeBuffer shared) {
    PlanLayers all = layers(0, pictures, slices(pictures));
    Waist waist = Waist.of(graph, pictures, spec.arithmetic());
    int next = 0;
    if (waist.together() < pictures) {
      all.set(waist.value(), byFewPictures(waist));
      next = waist.value() + 1;
    }
    all.add(next, graph.layers().size());
    List<NetPlan.Step> steps = plan.bindAll("activations", shared, liveBytes);
    return new NetPlan(scope, plan.block(), stream, steps, plan.external(), plan.description());
  }

  /** Plans the layers up to the waist for some pictures after the other; gives all its values. */
  private Operand byFewPictures(Waist waist) {
    Shape shape = graph.layers().get(waist.value()).output();
    Operand all = plan.allocate(plan.channelsLast(waist.value(), pictures));
    for (int first = 0; first < pictures; first += waist.together()) {
      int count = Math.min(waist.together(), pictures - first);
      long start = first * shape.elements() * PlanMemory.bytes(all.desc());
      ConcatSlices slices = slices(count);
      slices.place(
          waist.value(),
          new Operand(plan.channelsLast(waist.value(), count), all.storage(), start, null));
      layers(first, count, slices).add(0, waist.value() + 1);
    }
    return all;
  }

  private ConcatSlices slices(int pictures) {
    return new ConcatSlices(graph, pictures, plan);
  }

  private PlanLayers layers(int first, int pictures, ConcatSlices slices) {
    return new PlanLayers(weights, first, pictures, spec, plan, stream, slices);
  }
}
