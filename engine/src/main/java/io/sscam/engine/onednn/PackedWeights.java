package io.sscam.engine.onednn;

import io.sscam.engine.HostTensor;
import io.sscam.engine.TensorSource;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import io.sscam.engine.graph.LayerParameters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/**
 * A net's weights in the layouts that its primitives want, each packed once and shared by all plans
 * of all batches and threads.
 */
public final class PackedWeights implements Backend.Model {
  private final Graph graph;
  private final TensorSource source;
  private final Precision precision;
  private final AtomicLong liveBytes;
  private final List<Packed> packed = new ArrayList<>();
  private final Map<Integer, float[]> biases = new HashMap<>();
  private boolean open = true;

  private record Packed(int layer, boolean bias, memory.desc desc, NativeBuffer buffer) {}

  /** Weight and bias of one layer, ready for a primitive. */
  record LayerWeights(memory weight, memory bias) {}

  public PackedWeights(
      Graph graph, TensorSource source, Precision precision, AtomicLong liveBytes) {
    this.graph = graph;
    this.source = source;
    this.precision = precision;
    this.liveBytes = liveBytes;
  }

  @Override
  public Graph graph() {
    return graph;
  }

  @Override
  public Precision precision() {
    return precision;
  }

  /**
   * The parameters of a layer in the given layouts; packs them if no plan has asked for these
   * before.
   *
   * @param plain the weight's layout in the file: its extents in C order
   */
  synchronized LayerWeights get(
      int layer, memory.desc plain, memory.desc weight, memory.desc bias, stream stream) {
    check();
    Parameters parameters = new Parameters(layer);
    return new LayerWeights(
        packed(layer, false, parameters, plain, weight, stream),
        packed(layer, true, parameters, bias, bias, stream));
  }

  /** Filters of a {@link Winograd} convolution, packed, and its bias, as it is. */
  record WinogradWeights(memory filters, float[] bias) {}

  /**
   * The transformed filters of a convolution, packed in the given layout, and its bias.
   *
   * @param plain (36, Cin, Cout) in C order
   */
  synchronized WinogradWeights winograd(
      int layer, memory.desc plain, memory.desc wanted, stream stream) {
    check();
    Parameters parameters = new Parameters(layer);
    NativeBuffer buffer = find(layer, false, wanted);
    if (buffer == null) {
      HostTensor filters = Winograd.filters(parameters.get().weight());
      buffer = pack(layer, false, filters, plain, wanted, stream);
    }
    float[] bias = biases.computeIfAbsent(layer, key -> parameters.get().bias().data());
    return new WinogradWeights(new memory(wanted, OnednnLibrary.engine(), buffer.at(0)), bias);
  }

  /** A layer's weight alone. */
  synchronized memory weight(int layer, memory.desc plain, memory.desc weight, stream stream) {
    check();
    return packed(layer, false, new Parameters(layer), plain, weight, stream);
  }

  private memory packed(
      int layer,
      boolean bias,
      Parameters parameters,
      memory.desc plain,
      memory.desc wanted,
      stream stream) {
    NativeBuffer buffer = find(layer, bias, wanted);
    if (buffer == null) {
      HostTensor values = bias ? parameters.get().bias() : parameters.get().weight();
      buffer = pack(layer, bias, values, plain, wanted, stream);
    }
    return new memory(wanted, OnednnLibrary.engine(), buffer.at(0));
  }

  private @Nullable NativeBuffer find(int layer, boolean bias, memory.desc desc) {
    for (Packed entry : packed) {
      if (entry.layer == layer && entry.bias == bias && entry.desc.equals(desc)) {
        return entry.buffer;
      }
    }
    return null;
  }

  /** A layer's parameters, read when they are first wanted. */
  private final class Parameters {
    private final int index;
    private @Nullable LayerParameters read;

    Parameters(int index) {
      this.index = index;
    }

    LayerParameters get() {
      if (read == null) {
        Layer layer = graph.layers().get(index);
        read =
            layer instanceof Layer.Conv2d conv
                ? LayerParameters.bind(graph, conv, source)
                : LayerParameters.bind(graph, (Layer.Linear) layer, source);
      }
      return read;
    }
  }

  private NativeBuffer pack(
      int layer,
      boolean bias,
      HostTensor values,
      memory.desc plain,
      memory.desc wanted,
      stream stream) {
    String name = graph.layers().get(layer).name() + (bias ? " bias" : " weight");
    NativeBuffer target = new NativeBuffer(name, wanted.get_size(), liveBytes);
    try (PointerScope scope = new PointerScope();
        NativeBuffer user = new NativeBuffer(name, plain.get_size(), liveBytes)) {
      user.floats().put(values.data());
      engine engine = OnednnLibrary.engine();
      memory from = new memory(plain, engine, user.at(0));
      memory to = new memory(wanted, engine, target.at(0));
      new reorder(from, to).execute(stream, from, to);
      stream._wait();
    } catch (RuntimeException e) {
      target.close();
      throw e;
    }
    memory.desc key = Outliving.scopes(() -> new memory.desc(wanted));
    packed.add(new Packed(layer, bias, key, target));
    return target;
  }

  /** Refuses a closed model; also called when one is compiled. */
  public synchronized void check() {
    if (!open) {
      throw new IllegalStateException("the model is used after it was closed");
    }
  }

  @Override
  public synchronized void close() {
    open = false;
    for (Packed entry : packed) {
      entry.buffer.close();
      entry.desc.releaseReference();
    }
    packed.clear();
  }
}
