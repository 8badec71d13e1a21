package io.sscam.kernels.cuda;

import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.DataType;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Gradient;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.Tensor;
import io.sscam.engine.graph.BackwardPass;
import io.sscam.engine.graph.Graph;
import io.sscam.kernels.cuda.driver.Copies;
import io.sscam.kernels.cuda.driver.CudaContext;
import io.sscam.kernels.cuda.driver.CudaEvent;
import io.sscam.kernels.cuda.driver.CudaStream;
import io.sscam.kernels.cuda.driver.DeviceMemory;
import io.sscam.kernels.cuda.net.AlgorithmCache;
import io.sscam.kernels.cuda.net.BackwardNet;
import io.sscam.kernels.cuda.net.CudaNet;
import io.sscam.kernels.cuda.net.DeviceWeights;
import io.sscam.kernels.cuda.net.NetTools;
import io.sscam.kernels.cuda.op.LayoutChange;
import io.sscam.kernels.cuda.op.OpModules;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** A stream with what belongs to it. */
final class CudaSession extends CudaCam implements Session {
  private static final int CHANNEL_GROUP = 4;

  private final AtomicLong liveBytes;
  private final OpModules modules;
  private final NetTools tools;
  private final Staging staging;
  private final LayoutChange layouts;

  private CudaSession(
      CudaContext context,
      CudaStream stream,
      OpModules modules,
      NetTools tools,
      Staging staging,
      AtomicLong liveBytes) {
    super(context, stream, modules);
    this.liveBytes = liveBytes;
    this.modules = modules;
    this.tools = tools;
    this.staging = staging;
    this.layouts = new LayoutChange(modules);
  }

  static CudaSession open(CudaContext context, AlgorithmCache algorithms, AtomicLong liveBytes) {
    CudaStream stream = CudaStream.create(context);
    OpModules modules = new OpModules(context);
    NetTools tools = null;
    try {
      tools = NetTools.open(context, stream, modules, algorithms, liveBytes);
      Staging staging = new Staging(context, stream);
      return new CudaSession(context, stream, modules, tools, staging, liveBytes);
    } catch (RuntimeException e) {
      if (tools != null) {
        tools.close();
      }
      modules.close();
      stream.close();
      throw e;
    }
  }

  @Override
  public Arena arena(String name) {
    return new CudaArena(name, context, stream, liveBytes);
  }

  @Override
  public Executable compile(Backend.Model model, int batch, Set<String> keep) {
    DeviceWeights weights = weights(model);
    Graph graph = weights.graph();
    Set<Integer> values = keep.stream().map(graph::value).collect(Collectors.toSet());
    return new CudaExecutable(CudaNet.compile(tools, weights, batch, values), graph, keep);
  }

  @Override
  public Gradient differentiate(Backend.Model model, String layer) {
    DeviceWeights weights = weights(model);
    Graph graph = weights.graph();
    int start = graph.value(layer);
    BackwardPass.requireInfluence(graph, start);
    CudaNet forward = CudaNet.compile(tools, weights, 1, BackwardNet.valuesToKeep(graph, start));
    try {
      BackwardNet backward = BackwardNet.compile(tools, weights, forward, start);
      CudaExecutable net = new CudaExecutable(forward, graph, Set.of(layer));
      return new CudaGradient(net, backward, layer, graph.shape(layer));
    } catch (RuntimeException e) {
      forward.close();
      throw e;
    }
  }

  private static DeviceWeights weights(Backend.Model model) {
    if (model instanceof DeviceWeights weights) {
      return weights;
    }
    throw new IllegalArgumentException("the model was loaded on another device");
  }

  @Override
  public void upload(float[] source, Tensor target) {
    CudaTensor tensor = CudaTensor.sized(target, DataType.F32, source.length);
    context.makeCurrent();
    if (tensor.plain()) {
      staging.upload(source, tensor.start());
    } else {
      try (DeviceMemory plain = scratch(source.length)) {
        staging.upload(source, plain.address());
        pack(plain.address(), tensor, source.length);
        stream.synchronise();
      }
    }
  }

  @Override
  public void upload(int[] source, Tensor target) {
    CudaTensor tensor = CudaTensor.sized(target, DataType.I32, source.length);
    context.makeCurrent();
    staging.upload(source, tensor.start());
  }

  @Override
  public void download(Tensor source, float[] target) {
    CudaTensor tensor = CudaTensor.sized(source, DataType.F32, target.length);
    context.makeCurrent();
    if (tensor.plain()) {
      staging.download(tensor.start(), target);
    } else {
      try (DeviceMemory plain = scratch(target.length)) {
        unpack(tensor, plain.address(), target.length);
        staging.download(plain.address(), target);
      }
    }
  }

  @Override
  public void copy(Tensor source, Tensor target, int elements) {
    CudaTensor from = CudaTensor.sized(source, DataType.F32, elements);
    CudaTensor to = CudaTensor.sized(target, DataType.F32, elements);
    context.makeCurrent();
    if (from.layout() == to.layout()) {
      Copies.between(stream, from.start(), to.start(), bytes(from, elements));
    } else if (from.plain()) {
      pack(from.start(), to, elements);
    } else {
      unpack(from, to.start(), elements);
    }
  }

  @Override
  public void fill(Tensor target, float value) {
    CudaTensor tensor = CudaTensor.sized(target, DataType.F32, 0);
    context.makeCurrent();
    if (tensor.plain()) {
      Copies.fill32(stream, tensor.start(), Float.floatToRawIntBits(value), tensor.elements());
    } else {
      float[] values = new float[tensor.shape().elementsAsInt()];
      java.util.Arrays.fill(values, value);
      upload(values, target);
    }
  }

  /** Memory for one transfer between layouts; not for the scoring loop. */
  private DeviceMemory scratch(long elements) {
    return DeviceMemory.allocate(context, "a transfer", Math.max(1, elements) * Float.BYTES);
  }

  /** Plain pictures into a net's channels-last input. */
  private void pack(long plain, CudaTensor input, long elements) {
    int channels = input.dim(1);
    layouts.toChannelsLast(
        stream,
        plain,
        pictures(input, elements),
        channels,
        plane(input),
        padded(channels),
        input.start());
  }

  private void unpack(CudaTensor input, long plain, long elements) {
    int channels = input.dim(1);
    layouts.toChannelsFirst(
        stream,
        input.start(),
        pictures(input, elements),
        channels,
        plane(input),
        padded(channels),
        plain);
  }

  private static long plane(CudaTensor input) {
    return (long) input.dim(2) * input.dim(3);
  }

  private static int padded(int channels) {
    return (channels + CHANNEL_GROUP - 1) / CHANNEL_GROUP * CHANNEL_GROUP;
  }

  private static int pictures(CudaTensor input, long elements) {
    long each = input.elements() / input.dim(0);
    if (elements % each != 0) {
      throw new IllegalArgumentException(
          input + " is stored by whole pictures, and " + elements + " elements are not");
    }
    return (int) (elements / each);
  }

  private static long bytes(CudaTensor tensor, long elements) {
    if (tensor.plain()) {
      return elements * Float.BYTES;
    }
    return pictures(tensor, elements) * plane(tensor) * padded(tensor.dim(1)) * Short.BYTES;
  }

  @Override
  public void synchronise() {
    context.makeCurrent();
    stream.synchronise();
  }

  @Override
  public double seconds(Runnable work) {
    context.makeCurrent();
    try (CudaEvent start = CudaEvent.create(true);
        CudaEvent end = CudaEvent.create(true)) {
      stream.synchronise();
      start.record(stream);
      work.run();
      end.record(stream);
      end.await();
      return end.millisSince(start) * 1e-3;
    }
  }

  @Override
  public void close() {
    context.makeCurrent();
    stream.synchronise();
    staging.close();
    tools.close();
    modules.close();
    stream.close();
  }
}
