package io.sscam.bench.peers;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.pytorch.jni.JniUtils;
import io.sscam.engine.HostTensor;
import io.sscam.engine.TensorSource;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import io.sscam.engine.graph.LayerParameters;
import io.sscam.engine.graph.Window;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * DJL's PyTorch engine on the CPU: our graph, batch norms folded, as DJL's own operations, which
 * call PyTorch's operators one after the other without gradients (PyTorch's "eager" mode).
 *
 * <p>With {@code channelsLast} all values lie as (batch, H, W, C) in memory under the same shape:
 * the layout for which PyTorch's convolutions need to rearrange nothing but the weights.
 */
final class DjlNet implements PeerNet {
  static final String ENGINE = "djl";
  static final String CHANNELS_LAST = "djl-nhwc";

  private final Graph graph;
  private final boolean channelsLast;
  private final NDManager manager;
  private final Map<String, NDArray> weights = new HashMap<>();
  private final Map<String, NDArray> biases = new HashMap<>();

  /** The last layer that reads a value, by the value's number. */
  private final int[] lastReader;

  private DjlNet(Graph graph, boolean channelsLast, NDManager manager) {
    this.graph = graph;
    this.channelsLast = channelsLast;
    this.manager = manager;
    List<Layer> layers = graph.layers();
    lastReader = new int[layers.size()];
    for (int i = 0; i < layers.size(); i++) {
      for (int input : layers.get(i).inputs()) {
        lastReader[input] = i;
      }
    }
  }

  /** Loads the native library; the first call sets the threads for all nets. */
  static String version(int threads) {
    System.setProperty("ai.djl.pytorch.num_threads", String.valueOf(threads));
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    System.setProperty("ai.djl.offline", "true"); // everything is on the class path
    System.setProperty("OPT_OUT_TRACKING", "true");
    Engine engine = Engine.getEngine("PyTorch");
    return "DJL "
        + Engine.getDjlVersion()
        + " with PyTorch "
        + engine.getVersion()
        + ", threads "
        + JniUtils.getNumThreads();
  }

  static DjlNet open(Graph graph, TensorSource source, boolean channelsLast) {
    JniUtils.setGradMode(false);
    NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    DjlNet net = new DjlNet(graph, channelsLast, manager);
    for (Layer layer : graph.layers()) {
      if (layer instanceof Layer.Conv2d conv) {
        net.keep(conv.name(), LayerParameters.bind(graph, conv, source));
      } else if (layer instanceof Layer.Linear linear) {
        net.keep(linear.name(), LayerParameters.bind(graph, linear, source));
      }
    }
    return net;
  }

  private void keep(String layer, LayerParameters parameters) {
    weights.put(layer, tensor(parameters.weight()));
    biases.put(layer, tensor(parameters.bias()));
  }

  private NDArray tensor(HostTensor tensor) {
    int[] dims = tensor.shape().toArray();
    long[] extents = new long[dims.length];
    for (int i = 0; i < dims.length; i++) {
      extents[i] = dims[i];
    }
    return arranged(manager.create(tensor.data(), new Shape(extents)));
  }

  /** The same values, lying as the net's layout wants them. */
  private NDArray arranged(NDArray array) {
    if (!channelsLast || array.getShape().dimension() != 4) {
      return array;
    }
    // An array made from Java's memory does not own it, and what flatten copies nothing of shares
    // it: so a copy first. A permuted view that is flattened lies in the order of the view; the
    // second transposition only renames axes.
    try (array;
        NDArray own = array.duplicate();
        NDArray view = own.transpose(0, 2, 3, 1);
        NDArray copy = view.flatten().reshape(view.getShape())) {
      NDArray result = copy.transpose(0, 3, 1, 2);
      result.attach(manager);
      return result;
    }
  }

  @Override
  public String engine() {
    return channelsLast ? CHANNELS_LAST : ENGINE;
  }

  @Override
  public Forward forward(int batch, float[] input) {
    int[] picture = graph.input().toArray();
    Shape shape = new Shape(batch, picture[0], picture[1], picture[2]);
    return new DjlForward(arranged(manager.create(input, shape)));
  }

  @Override
  public void close() {
    manager.close();
  }

  /** The logits (batch, classes) of the input; every value is freed after its last reader. */
  private NDArray run(NDArray input) {
    List<Layer> layers = graph.layers();
    List<NDArray> values = new ArrayList<>();
    values.add(input);
    for (int i = 1; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      values.add(layer(layer, values));
      for (int read : layer.inputs()) {
        if (read > 0 && lastReader[read] == i) {
          values.get(read).close();
        }
      }
    }
    return values.get(layers.size() - 1);
  }

  private NDArray layer(Layer layer, List<NDArray> values) {
    NDArray x = values.get(layer.inputs().get(0));
    if (layer instanceof Layer.Conv2d conv) {
      return convolution(conv, x, values);
    }
    if (layer instanceof Layer.MaxPool2d pool) {
      Window window = pool.window();
      return Pool.maxPool2d(
          x,
          square(window.kernel()),
          square(window.stride()),
          square(window.padding()),
          pool.ceil());
    }
    if (layer instanceof Layer.AdaptiveAvgPool2d pool) {
      return average(pool, x);
    }
    if (layer instanceof Layer.Linear linear) {
      return linear(linear, x);
    }
    NDList parts = new NDList();
    layer.inputs().forEach(i -> parts.add(values.get(i)));
    return NDArrays.concat(parts, 1);
  }

  private NDArray convolution(Layer.Conv2d conv, NDArray x, List<NDArray> values) {
    Window window = conv.window();
    NDArray y =
        Conv2d.conv2d(
                x,
                weights.get(conv.name()),
                biases.get(conv.name()),
                square(window.stride()),
                square(window.padding()),
                square(1),
                1)
            .singletonOrThrow();
    if (conv.residual() >= 0) {
      y.addi(values.get(conv.residual()));
    }
    return conv.relu() ? relu(y) : y;
  }

  private NDArray linear(Layer.Linear linear, NDArray x) {
    NDArray flat = x.reshape(x.getShape().get(0), -1);
    NDArray y =
        Linear.linear(flat, weights.get(linear.name()), biases.get(linear.name()))
            .singletonOrThrow();
    flat.close();
    return linear.relu() ? relu(y) : y;
  }

  /** DJL has no ReLU in place. */
  private static NDArray relu(NDArray x) {
    try (x) {
      return Activation.relu(x);
    }
  }

  private NDArray average(Layer.AdaptiveAvgPool2d pool, NDArray x) {
    if (pool.output().rank() == 1) {
      return Pool.globalAvgPool2d(x);
    }
    io.sscam.engine.Shape from = graph.layers().get(pool.input()).output();
    if (!from.equals(pool.output())) {
      throw new IllegalArgumentException("DJL has no adaptive pooling from " + from);
    }
    return x.duplicate();
  }

  private static Shape square(int side) {
    return new Shape(side, side);
  }

  private final class DjlForward implements Forward {
    private final NDArray input;

    DjlForward(NDArray input) {
      this.input = input;
    }

    @Override
    public void run() {
      DjlNet.this.run(input).close();
    }

    @Override
    public float[] logits() {
      try (NDArray logits = DjlNet.this.run(input)) {
        return logits.toFloatArray();
      }
    }

    @Override
    public void close() {
      input.close();
    }
  }
}
