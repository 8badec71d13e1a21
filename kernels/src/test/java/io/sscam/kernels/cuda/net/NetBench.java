package io.sscam.kernels.cuda.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.backend.Session;
import io.sscam.engine.contract.NetCases;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.reference.ReferenceBackend;
import io.sscam.kernels.cuda.driver.Copies;
import io.sscam.kernels.cuda.driver.CudaContext;
import io.sscam.kernels.cuda.driver.CudaLibraries;
import io.sscam.kernels.cuda.driver.CudaStream;
import io.sscam.kernels.cuda.driver.DeviceMemory;
import io.sscam.kernels.cuda.driver.PinnedMemory;
import io.sscam.kernels.cuda.op.OpModules;
import io.sscam.kernels.software.SoftwareDevice;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** A device with everything that nets need, and the way of pictures there and results back. */
final class NetBench implements AutoCloseable {
  /** What nets compute in on CUDA devices. */
  static final List<Precision> PRECISIONS = List.of(Precision.FP32, Precision.TF32, Precision.FP16);

  final CudaContext context;
  final CudaStream stream;
  final OpModules modules;
  final NetTools tools;
  final AtomicLong live = new AtomicLong();

  private final boolean alone;

  NetBench(Path cacheFolder) {
    SoftwareDevice.install();
    CudaLibraries.load();
    alone = true;
    context = CudaContext.retain(0);
    stream = CudaStream.create(context);
    modules = new OpModules(context);
    AlgorithmCache algorithms =
        AlgorithmCache.open(cacheFolder, context.name(), CudnnHandle.version());
    tools = NetTools.open(context, stream, modules, algorithms, live);
  }

  private NetBench(AlgorithmCache shared) {
    alone = false;
    context = CudaContext.retain(0);
    stream = CudaStream.create(context);
    modules = new OpModules(context);
    tools = NetTools.open(context, stream, modules, shared, live);
  }

  /** Another session on the same device, for another thread. */
  NetBench sibling() {
    return new NetBench(tools.algorithms());
  }

  DeviceWeights load(Graph graph, Precision precision) {
    return DeviceWeights.load(context, modules, graph, NetCases.weights(graph), precision, live);
  }

  /** Compiles a net that keeps the values of labels. */
  CudaNet compile(DeviceWeights weights, int batch, Set<String> keep) {
    Set<Integer> values =
        keep.stream().map(weights.graph()::value).collect(Collectors.toUnmodifiableSet());
    return CudaNet.compile(tools, weights, batch, values);
  }

  /** Values in [−1, 1), the same in every run. */
  static float[] pictures(Graph graph, int count) {
    SplittableRandom random = new SplittableRandom(7);
    float[] values = new float[count * graph.input().elementsAsInt()];
    for (int e = 0; e < values.length; e++) {
      values[e] = (float) (random.nextDouble() * 2 - 1);
    }
    return values;
  }

  /** The kept values and, under "logits", the logits of the reference in double precision. */
  static Map<String, float[]> reference(Graph graph, float[] pictures, Set<String> keep) {
    int count = pictures.length / graph.input().elementsAsInt();
    Map<String, float[]> results = new LinkedHashMap<>();
    try (Backend backend = new ReferenceBackend(1);
        Session session = backend.openSession();
        Backend.Model model = backend.load(graph, NetCases.weights(graph), Precision.FP32);
        Executable net = session.compile(model, count, keep)) {
      session.upload(pictures, net.input());
      net.run(count);
      for (String label : keep) {
        float[] value = new float[net.kept(label).shape().elementsAsInt()];
        session.download(net.kept(label), value);
        results.put(label, value);
      }
      float[] logits = new float[net.logits().shape().elementsAsInt()];
      session.download(net.logits(), logits);
      results.put("logits", logits);
    }
    return results;
  }

  /** Writes N C H W pictures to a net's input, in its layout. */
  void upload(CudaNet net, Graph graph, float[] pictures) {
    int count = pictures.length / graph.input().elementsAsInt();
    long bytes = (long) pictures.length * Float.BYTES;
    try (PinnedMemory pinned = PinnedMemory.allocate(context, bytes);
        DeviceMemory floats = DeviceMemory.allocate(context, "pictures", bytes)) {
      pinned.buffer().asFloatBuffer().put(pictures);
      Copies.toDevice(stream, pinned, 0, floats.address(), bytes);
      int channels = graph.input().dim(0);
      long plane = (long) graph.input().dim(1) * graph.input().dim(2);
      switch (net.inputLayout()) {
        case NCHW_F32 -> Copies.between(stream, floats.address(), net.inputAddress(), bytes);
        case NHWC_F16 ->
            tools
                .kernels()
                .toChannelsLast(
                    floats.address(),
                    count,
                    channels,
                    plane,
                    net.inputChannels(),
                    net.inputAddress());
      }
      stream.synchronise();
    }
  }

  float[] download(long address, int count) {
    long bytes = (long) count * Float.BYTES;
    try (PinnedMemory pinned = PinnedMemory.allocate(context, bytes)) {
      Copies.toHost(stream, address, pinned, 0, bytes);
      stream.synchronise();
      float[] values = new float[count];
      pinned.buffer().asFloatBuffer().get(values);
      return values;
    }
  }

  /** The first {@code count} rows of the kept values and the logits. */
  Map<String, float[]> results(CudaNet net, Graph graph, Set<String> keep, int count) {
    Map<String, float[]> results = new LinkedHashMap<>();
    for (String label : keep) {
      int each = graph.shape(label).elementsAsInt();
      results.put(label, download(net.keptAddress(graph.value(label)), count * each));
    }
    results.put("logits", download(net.logitsAddress(), count * graph.logits().elementsAsInt()));
    return results;
  }

  /** Every element within the budget times the largest expected magnitude; NaN is never. */
  static void near(String what, float[] actual, float[] expected, double budget) {
    if (actual.length != expected.length) {
      throw new AssertionError(what + ": " + actual.length + " elements, not " + expected.length);
    }
    double peak = 1e-30;
    for (float v : expected) {
      peak = Math.max(peak, Math.abs(v));
    }
    for (int e = 0; e < actual.length; e++) {
      if (!(Math.abs(actual[e] - expected[e]) <= budget * peak)) {
        throw new AssertionError(
            "%s element %d: %s is not %s within %s of %s"
                .formatted(what, e, actual[e], expected[e], budget, peak));
      }
    }
  }

  /** Closes all; on the software device nothing may be left, and nothing may have been amiss. */
  @Override
  public void close() {
    assertThat(live.get()).as("live bytes").isZero();
    tools.close();
    modules.close();
    stream.close();
    context.close();
    if (alone && !SoftwareDevice.realDevice()) {
      assertThat(SoftwareDevice.complaints()).isEmpty();
      assertThat(SoftwareDevice.liveBytes()).as("bytes on the device").isZero();
      assertThat(SoftwareDevice.liveObjects()).as("objects of the libraries").isZero();
      SoftwareDevice.reset();
    }
  }
}
