package io.sscam.engine.onednn;

import io.sscam.engine.Shape;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import io.sscam.engine.graph.StoragePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a plan under construction. Steps are recorded with symbolic operands first; when
 * all lifetimes are known the block is placed and the operands become oneDNN memories.
 */
final class PlanMemory {
  static final int ARG_WEIGHTS = 33; // DNNL_ARG_WEIGHTS, a macro that the bindings lack
  static final int ARG_BIAS = 41; // DNNL_ARG_BIAS

  /**
   * A value in some layout: in the block, or in caller's memory.
   *
   * @param start where it begins in its storage, in bytes
   */
  record Operand(
      memory.desc desc,
      StoragePlan.@Nullable Storage storage,
      long start,
      @Nullable External external) {}

  /**
   * Caller's memory.
   *
   * @param key of the place that a run gives
   * @param offset behind that place, in bytes
   */
  record External(String key, memory memory, long offset) {}

  private final engine engine = OnednnLibrary.engine();
  private static final long ALIGNMENT = 64; // a cache line

  private final Graph graph;
  private final Arithmetic arithmetic;

  /** The last layer with weights; it and what follows are float32, so that the logits are. */
  private final int last;

  private final StoragePlan plan = new StoragePlan(ALIGNMENT);
  private final List<Supplier<NetPlan.Step>> pending = new ArrayList<>();
  private final List<External> external = new ArrayList<>();
  private final List<String> description = new ArrayList<>();
  private final WinogradScratch winogradScratch = new WinogradScratch();
  private @Nullable NativeBuffer block;

  PlanMemory(Graph graph, Arithmetic arithmetic) {
    this.graph = graph;
    this.arithmetic = arithmetic;
    this.last = last(graph);
  }

  private static int last(Graph graph) {
    int id = graph.layers().size() - 1;
    while (id > 0
        && !(graph.layers().get(id) instanceof Layer.Conv2d)
        && !(graph.layers().get(id) instanceof Layer.Linear)) {
      id--;
    }
    return id;
  }

  /** Of caller's memory, logits, biases, and whatever is not oneDNN's. */
  static memory.desc floats(long[] dims, memory.format_tag tag) {
    return new memory.desc(dims, memory.data_type.f32, tag);
  }

  /** Of weights and of what they are multiplied with. */
  memory.desc desc(long[] dims, memory.format_tag tag) {
    return new memory.desc(dims, arithmetic.type(), tag);
  }

  /** The extents of a value for a batch: N C H W, a vector as N C 1 1. */
  static long[] dims(int pictures, Shape shape) {
    return shape.rank() == 1
        ? new long[] {pictures, shape.dim(0), 1, 1}
        : new long[] {pictures, shape.dim(0), shape.dim(1), shape.dim(2)};
  }

  /** Of what a layer gives. */
  memory.desc value(int id, long[] dims, memory.format_tag tag) {
    return id < last ? desc(dims, tag) : floats(dims, tag);
  }

  /** Of what a layer gives for a batch, its channels innermost, the layout between all layers. */
  memory.desc channelsLast(int id, int pictures) {
    return value(id, dims(pictures, graph.layers().get(id).output()), memory.format_tag.nhwc);
  }

  /** The type of an element; what the bindings return is not the constant itself. */
  static memory.data_type type(memory.desc desc) {
    return desc.get_data_type().intern();
  }

  /** The bytes of an element. */
  static long bytes(memory.desc desc) {
    return memory.data_type_size(desc.get_data_type());
  }

  Operand external(String key, memory.desc desc) {
    return external(key, desc, 0);
  }

  Operand external(String key, memory.desc desc, long offset) {
    External place = new External(key, new memory(desc, engine, (Pointer) null), offset);
    external.add(place);
    return new Operand(desc, null, 0, place);
  }

  Operand allocate(memory.desc desc) {
    return new Operand(desc, plan.add(desc.get_size(), pending.size()), 0, null);
  }

  /** Records a primitive; {@code arguments} maps DNNL_ARG_… to operands. */
  void step(String what, primitive primitive, Map<Integer, Operand> arguments, Constant... more) {
    arguments.values().forEach(this::use);
    description.add(what);
    pending.add(
        () -> {
          IntMemoryMap map = new IntMemoryMap();
          arguments.forEach((argument, operand) -> map.put(argument, bind(operand)));
          for (Constant constant : more) {
            map.put(constant.argument, constant.memory);
          }
          return stream -> primitive.execute(stream, map);
        });
  }

  /** An argument that is not an activation. */
  record Constant(int argument, memory memory) {}

  /** Records work that is not oneDNN's; it gets its step when the block is placed. */
  void step(String what, List<Operand> operands, Supplier<NetPlan.Step> step) {
    operands.forEach(this::use);
    description.add(what);
    pending.add(step);
  }

  void reorder(String what, Operand from, Operand to) {
    reorder.primitive_desc pd = new reorder.primitive_desc(engine, from.desc, engine, to.desc);
    String name = what + ": reorder " + pd.impl_info_str().getString();
    step(name, new reorder(pd), Map.of(dnnl.DNNL_ARG_SRC, from, dnnl.DNNL_ARG_DST, to));
  }

  private void use(Operand operand) {
    if (operand.storage != null) {
      operand.storage.useAt(pending.size());
    }
  }

  /** The memory of an operand, once the block is placed. */
  memory bind(Operand operand) {
    if (operand.external != null) {
      return operand.external.memory;
    }
    return new memory(operand.desc, engine, block().at(offset(operand)));
  }

  NativeBuffer block() {
    if (block == null) {
      throw new IllegalStateException("activations are not placed yet");
    }
    return block;
  }

  WinogradScratch winogradScratch() {
    return winogradScratch;
  }

  static long offset(Operand operand) {
    if (operand.storage == null) {
      throw new IllegalStateException("an operand of the caller's has no place in the block");
    }
    return operand.storage.offset() + operand.start;
  }

  /**
   * Places the block and binds all steps.
   *
   * @param shared memory that is used if it is large enough, otherwise there will be a new block
   */
  List<NetPlan.Step> bindAll(String name, @Nullable NativeBuffer shared, AtomicLong liveBytes) {
    long bytes = Math.max(1, plan.place());
    NativeBuffer placed =
        shared != null && bytes <= shared.bytes()
            ? shared
            : new NativeBuffer(name, bytes, liveBytes);
    block = placed;
    try {
      List<NetPlan.Step> steps = new ArrayList<>();
      for (Supplier<NetPlan.Step> supplier : pending) {
        steps.add(supplier.get());
      }
      return List.copyOf(steps);
    } catch (RuntimeException e) {
      if (placed != shared) {
        placed.close();
      }
      throw e;
    }
  }

  List<External> external() {
    return List.copyOf(external);
  }

  List<String> description() {
    return List.copyOf(description);
  }
}
