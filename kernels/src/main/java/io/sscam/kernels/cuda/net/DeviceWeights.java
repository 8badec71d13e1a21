package io.sscam.kernels.cuda.net;

import io.sscam.engine.TensorSource;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import io.sscam.engine.graph.LayerParameters;
import io.sscam.kernels.cuda.driver.CudaContext;
import io.sscam.kernels.cuda.driver.DeviceMemory;
import io.sscam.kernels.cuda.op.Layout;
import io.sscam.kernels.cuda.op.OpModules;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A net's folded parameters on the device, in one block, as cuDNN and cuBLAS read them: filters K C
 * R S and matrices in float32, or filters K R S C and matrices in float16 with biases in both
 * types. Read only, so sessions and threads share it.
 */
public final class DeviceWeights implements Backend.Model {
  private static final long ALIGNMENT = 256;

  private final Graph graph;
  private final Precision precision;
  private final DeviceBlocks blocks;
  private final Map<Integer, LayerWeights> layers = new TreeMap<>();
  private long end;
  private volatile boolean closed;

  /**
   * Addresses of one layer's parameters.
   *
   * @param weight of the net's type
   * @param bias float32
   * @param halfBias float16, which cuDNN's fused call wants; 0 in float32 nets
   */
  record LayerWeights(long weight, long bias, long halfBias) {
    private LayerWeights from(long base) {
      return new LayerWeights(base + weight, base + bias, halfBias == 0 ? 0 : base + halfBias);
    }
  }

  private DeviceWeights(
      CudaContext context, Graph graph, Precision precision, AtomicLong liveBytes) {
    this.graph = graph;
    this.precision = precision;
    this.blocks = new DeviceBlocks(context, liveBytes);
  }

  /**
   * Reads all parameters, one layer at a time, and brings them to the device.
   *
   * @param modules for the kernels that change layouts
   * @param liveBytes counts the device memory
   * @throws IllegalArgumentException if a parameter is missing or has another shape, naming it
   * @throws io.sscam.engine.backend.OutOfDeviceMemoryException if the device has not enough
   */
  public static DeviceWeights load(
      CudaContext context,
      OpModules modules,
      Graph graph,
      TensorSource source,
      Precision precision,
      AtomicLong liveBytes) {
    DeviceWeights made = new DeviceWeights(context, graph, precision, liveBytes);
    try {
      made.upload(context, modules, source);
      return made;
    } catch (RuntimeException e) {
      made.close();
      throw e;
    }
  }

  private void upload(CudaContext context, OpModules modules, TensorSource source) {
    for (int id = 0; id < graph.layers().size(); id++) {
      Layer layer = graph.layers().get(id);
      if (layer instanceof Layer.Conv2d || layer instanceof Layer.Linear) {
        place(id, layer);
      }
    }
    DeviceMemory block = blocks.allocate("weights", end);
    layers.replaceAll((id, offsets) -> offsets.from(block.address()));
    try (WeightUpload upload = new WeightUpload(context, modules, half())) {
      layers.forEach((id, at) -> upload.layer(bind(id, source), padded(id), at));
    }
  }

  /** Reserves offsets; the first is never 0, which stands for none. */
  private void place(int id, Layer layer) {
    long features = layer.output().dim(0);
    long perFeature =
        layer instanceof Layer.Conv2d conv
            ? (long) padded(id) * conv.window().kernel() * conv.window().kernel()
            : graph.layers().get(layer.inputs().get(0)).output().elements();
    long weight = take(features * perFeature * (half() ? 2 : 4));
    long bias = take(features * 4);
    layers.put(id, new LayerWeights(weight, bias, half() ? take(features * 2) : 0));
  }

  private long take(long bytes) {
    long at = end;
    end += (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return at;
  }

  /** Input channels of a convolution as they lie in memory. */
  int padded(int id) {
    int input = graph.layers().get(id).inputs().get(0);
    int channels = graph.layers().get(input).output().dim(0);
    return input == 0 ? inputChannels(channels) : channels;
  }

  private LayerParameters bind(int id, TensorSource source) {
    Layer layer = graph.layers().get(id);
    return layer instanceof Layer.Conv2d conv
        ? LayerParameters.bind(graph, conv, source)
        : LayerParameters.bind(graph, (Layer.Linear) layer, source);
  }

  /** The channels of a picture in the net's input: a multiple of 4 in float16. */
  int inputChannels(int channels) {
    return half() ? (channels + 3) / 4 * 4 : channels;
  }

  /**
   * About how much device memory one picture of a batch takes: the input, the logits and what the
   * largest layer reads and writes.
   */
  public long bytesPerPicture() {
    long largest = 0;
    for (Layer layer : graph.layers()) {
      long elements = layer.output().elements();
      for (int input : layer.inputs()) {
        elements += graph.layers().get(input).output().elements();
      }
      largest = Math.max(largest, elements);
    }
    int bytes = half() ? 2 : 4;
    return (largest + graph.input().elements()) * bytes + graph.logits().elements() * 4;
  }

  boolean half() {
    return precision == Precision.FP16;
  }

  /** The layout of the net's input and of its activations. */
  public Layout layout() {
    return half() ? Layout.NHWC_F16 : Layout.NCHW_F32;
  }

  LayerWeights of(int layer) {
    check();
    LayerWeights weights = layers.get(layer);
    if (weights == null) {
      throw new IllegalArgumentException("layer " + layer + " has no weights");
    }
    return weights;
  }

  /** Throws if it is closed. */
  void check() {
    if (closed) {
      throw new IllegalStateException("the model is used after it was closed");
    }
  }

  @Override
  public Graph graph() {
    return graph;
  }

  @Override
  public Precision precision() {
    return precision;
  }

  /** Frees the memory; the nets that were compiled from it must have been closed before. */
  @Override
  public synchronized void close() {
    closed = true;
    blocks.close();
  }
}
