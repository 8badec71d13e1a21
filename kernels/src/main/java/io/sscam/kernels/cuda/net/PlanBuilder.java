package io.sscam.kernels.cuda.net;

import io.sscam.engine.Shape;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import io.sscam.kernels.cuda.driver.Copies;
import io.sscam.kernels.cuda.net.PlanMemory.Addresses;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns a graph into steps for a number of pictures, layer by layer. */
final class PlanBuilder {
  private final NetTools tools;
  private final DeviceWeights weights;
  private final Graph graph;
  private final int pictures;
  private final NetPlaces places;
  private final Workspace workspace;
  private final Descriptors descriptors;
  private final boolean half;
  private final int last;
  private final PlanMemory memory = new PlanMemory();
  private final ConcatSlices slices;
  private final Map<Integer, Operand> joined = new HashMap<>();
  private final ValueForms values;

  PlanBuilder(
      NetTools tools,
      DeviceWeights weights,
      int pictures,
      NetPlaces places,
      Workspace workspace,
      Descriptors descriptors) {
    this.tools = tools;
    this.weights = weights;
    this.graph = weights.graph();
    this.pictures = pictures;
    this.places = places;
    this.workspace = workspace;
    this.descriptors = descriptors;
    this.half = weights.half();
    this.last = graph.layers().size() - 1;
    Set<Integer> placed = new HashSet<>(places.kept().keySet());
    placed.add(last);
    this.slices = new ConcatSlices(graph, placed);
    this.values = new ValueForms(tools.kernels(), memory, pictures);
  }

  /** Records all steps; {@link PlanMemory#place} and {@link PlanMemory#bind} come next. */
  PlanMemory record() {
    for (int id = 0; id <= last; id++) {
      Layer layer = graph.layers().get(id);
      if (layer instanceof Layer.Input) {
        Operand input = Operand.packed(layer.output(), half, half);
        values.put(id, input.padded(places.inputChannels()).at(places.input()));
      } else if (layer instanceof Layer.Conv2d conv) {
        conv(id, conv);
      } else if (layer instanceof Layer.Linear linear) {
        linear(id, linear);
      } else if (layer instanceof Layer.MaxPool2d pool) {
        maxPool(id, pool);
      } else if (layer instanceof Layer.AdaptiveAvgPool2d pool) {
        averagePool(id, pool);
      } else if (layer instanceof Layer.Concat concat) {
        concat(id, concat);
      }
      handOut(id, layer.name());
    }
    return memory;
  }

  /** Brings a value that is kept, or the logits, to where the caller reads it. */
  private void handOut(int id, String name) {
    Long kept = places.kept().get(id);
    long target = id == last ? places.logits() : kept == null ? 0 : kept;
    Operand value = values.asStored(id);
    if (target == 0 || (value.storage() == null && value.address() == target)) {
      return;
    }
    memory.step(
        List.of(value),
        at ->
            new KernelStep(
                name + ": kept as f32",
                half
                    ? () -> tools.kernels().toFloat(value, pictures, at.whole(value), target)
                    : () ->
                        Copies.between(
                            tools.stream(), at.of(value), target, value.bytes(pictures))));
  }

  /** Where a value of the net's own type is to be written. */
  private Operand target(int id, boolean channelsLast) {
    Operand value = Operand.packed(graph.layers().get(id).output(), half, channelsLast);
    Long kept = places.kept().get(id);
    if (!half && id == last) {
      return value.at(places.logits());
    }
    if (!half && kept != null) {
      return value.at(kept);
    }
    ConcatSlices.Slice slice = slices.of(id);
    return slice == null
        ? memory.allocate(value, pictures)
        : whole(slice.concat()).slice(slice.channel(), value.channels());
  }

  private Operand whole(int concat) {
    Operand known = joined.get(concat);
    if (known == null) {
      known = target(concat, half);
      joined.put(concat, known);
    }
    return known;
  }

  private void conv(int id, Layer.Conv2d layer) {
    Operand x = layer.input() == 0 ? values.asStored(0) : values.picture(layer.input());
    Operand z = layer.residual() < 0 ? null : values.picture(layer.residual());
    Operand y = target(id, half);
    ConvCall.Layer conv =
        new ConvCall.Layer(
            layer.name(), pictures, layer.window(), layer.relu(), x, z, y, weights.precision());
    List<Operand> touched = new ArrayList<>(List.of(x, y));
    if (z != null) {
      touched.add(z);
    }
    memory.step(
        touched,
        at -> {
          long residual = z == null ? 0 : at.of(z);
          ConvCall.Addresses addresses =
              new ConvCall.Addresses(at.of(x), residual, at.of(y), weights.of(id));
          return ConvStep.tune(new ConvCall(tools, descriptors, conv, addresses), tools, workspace);
        });
    values.put(id, y);
  }

  private void linear(int id, Layer.Linear layer) {
    Operand x = values.rows(layer.input());
    Operand y =
        id == last && half
            ? Operand.packed(layer.output(), false, false).at(places.logits())
            : target(id, false);
    Shape in = graph.layers().get(layer.input()).output();
    CublasHandle.Product product =
        new CublasHandle.Product(
            pictures,
            y.channels(),
            in.elementsAsInt(),
            Math.toIntExact(x.stored() * x.plane()),
            weights.precision(),
            y.half());
    memory.step(
        List.of(x, y),
        at ->
            new LinearStep(
                layer.name(),
                product,
                layer.relu(),
                at.of(x),
                at.of(y),
                weights.of(id),
                tools,
                workspace));
    values.put(id, y);
  }

  private void maxPool(int id, Layer.MaxPool2d layer) {
    Operand x = values.picture(layer.input());
    Operand y = target(id, half);
    memory.step(
        List.of(x, y),
        at -> new MaxPoolStep(tools, descriptors, layer, pictures, x, y, at.of(x), at.whole(y)));
    values.put(id, y);
  }

  /** A mean that stays as it is needs no step; in float16 the rows of a Linear come of it. */
  private void averagePool(int id, Layer.AdaptiveAvgPool2d layer) {
    Operand x = values.picture(layer.input());
    Shape out = layer.output();
    boolean global = out.rank() == 1;
    boolean same = !global && x.height() == out.dim(1) && x.width() == out.dim(2);
    if (same && !half && id != last && !places.kept().containsKey(id)) {
      values.put(id, x);
      return;
    }
    boolean logits = half && global && id == last;
    Operand y = logits ? Operand.packed(out, false, false).at(places.logits()) : target(id, false);
    memory.step(List.of(x, y), at -> new KernelStep(what(layer, logits), pool(x, y, logits, at)));
    values.put(id, y);
  }

  private static String what(Layer.AdaptiveAvgPool2d layer, boolean logits) {
    return layer.name() + (logits ? ": kernel global_avg_pool" : ": kernel adaptive_avg_pool");
  }

  private Runnable pool(Operand x, Operand y, boolean logits, Addresses at) {
    NetKernels kernels = tools.kernels();
    long from = at.of(x);
    long to = at.of(y);
    return logits
        ? () -> kernels.globalAvgPool(x, pictures, from, to)
        : () -> kernels.adaptiveAvgPool(x, pictures, from, to, y.height(), y.width());
  }

  private void concat(int id, Layer.Concat layer) {
    Operand all = whole(id);
    int channel = 0;
    for (int input : layer.inputs()) {
      int channels = graph.layers().get(input).output().dim(0);
      if (slices.of(input) == null) {
        copy(layer.name(), values.picture(input), all.slice(channel, channels));
      }
      channel += channels;
    }
    values.put(id, all);
  }

  private void copy(String name, Operand from, Operand to) {
    memory.step(
        List.of(from, to),
        at ->
            new KernelStep(
                name + ": kernel copy_channels, " + from.channels() + " at " + to.first(),
                () -> tools.kernels().copyChannels(from, pictures, at.of(from), to, at.whole(to))));
  }
}
