package io.sscam;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.TensorSource;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.graph.ConvSpec;
import io.sscam.engine.graph.Graph;
import io.sscam.nets.ClassNames;
import io.sscam.nets.Network;
import io.sscam.nets.Preprocess;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A net small enough to be computed by hand: two convolutions with ReLU, global average, one linear
 * layer. Channel 5 of the target layer is dead. The same weights run on the engine and in double.
 */
final class TinyNet implements TensorSource {
  static final int HEIGHT = 20;
  static final int WIDTH = 28;
  static final int CLASSES = 5;
  static final int CHANNELS = 12;
  static final int DEAD = 5;
  private static final int FIRST = 8;

  private final Map<String, HostTensor> tensors = new LinkedHashMap<>();

  TinyNet(long seed) {
    Random random = new Random(seed);
    put("conv1.weight", random, 0.4, FIRST, 3, 3, 3);
    put("conv1.bias", random, 0.2, FIRST);
    put("conv2.weight", random, 0.3, CHANNELS, FIRST, 3, 3);
    put("conv2.bias", random, 0.2, CHANNELS);
    put("fc.weight", random, 0.5, CLASSES, CHANNELS);
    put("fc.bias", random, 0.2, CLASSES);
    float[] weight = tensors.get("conv2.weight").data();
    java.util.Arrays.fill(weight, DEAD * FIRST * 9, (DEAD + 1) * FIRST * 9, 0);
  }

  private void put(String name, Random random, double scale, int... dims) {
    HostTensor tensor = HostTensor.zeros(Shape.of(dims));
    for (int i = 0; i < tensor.data().length; i++) {
      tensor.data()[i] = (float) (random.nextGaussian() * scale);
    }
    tensors.put(name, tensor);
  }

  @Override
  public Set<String> names() {
    return tensors.keySet();
  }

  @Override
  public Shape shape(String name) {
    return read(name).shape();
  }

  @Override
  public HostTensor read(String name) {
    return tensors.get(name);
  }

  /** On the engine, as a net whose last layer is called layer4. */
  Classifier classifier(Backend backend) {
    return classifier(backend, Precision.FP32);
  }

  /** The same in another precision. */
  Classifier classifier(Backend backend, Precision precision) {
    return classifier(backend, precision, Network.named("resnet18"), "layer4");
  }

  /** The same under the name of another net, its last layer labelled as that net's. */
  Classifier classifier(Backend backend, Network network, String label) {
    return classifier(backend, Precision.FP32, network, label);
  }

  private Classifier classifier(
      Backend backend, Precision precision, Network network, String label) {
    Graph.Builder g = Graph.builder(Shape.of(3, HEIGHT, WIDTH));
    Graph.Value x =
        g.conv(g.input(), ConvSpec.of("conv1", FIRST, 3).stride(2).padding(1).withRelu());
    g.label("stem", x);
    x = g.label(label, g.conv(x, ConvSpec.of("conv2", CHANNELS, 3).padding(1).withRelu()));
    g.linear("fc", g.label("vector", g.globalAvgPool("avgpool", x)), CLASSES, false);
    Graph graph = g.build();
    return new Classifier(
        backend,
        false,
        network,
        graph,
        this,
        () -> {},
        backend.load(graph, this, precision),
        ClassNames.of(List.of("ant", "bee", "cat", "dog", "red dog")),
        Preprocess.Mode.STRETCH);
  }

  static HostTensor picture(long seed) {
    Random random = new Random(seed);
    HostTensor input = HostTensor.zeros(Shape.of(1, 3, HEIGHT, WIDTH));
    for (int i = 0; i < input.data().length; i++) {
      input.data()[i] = (float) random.nextGaussian();
    }
    return input;
  }

  /** A layer in double: the first or the last. */
  PlainSsCam.Maps layer(String label, double[] input) {
    double[][] planes = new double[3][HEIGHT * WIDTH];
    for (int c = 0; c < 3; c++) {
      System.arraycopy(input, c * HEIGHT * WIDTH, planes[c], 0, HEIGHT * WIDTH);
    }
    int h = HEIGHT / 2;
    int w = WIDTH / 2;
    double[][] first = conv(planes, HEIGHT, WIDTH, "conv1", 2, 1, h, w);
    return label.equals("stem")
        ? new PlainSsCam.Maps(h, w, first)
        : new PlainSsCam.Maps(h, w, conv(first, h, w, "conv2", 1, 1, h, w));
  }

  private double[][] conv(
      double[][] in, int h, int w, String name, int stride, int padding, int outH, int outW) {
    float[] weight = tensors.get(name + ".weight").data();
    float[] bias = tensors.get(name + ".bias").data();
    double[][] out = new double[bias.length][outH * outW];
    for (int o = 0; o < out.length; o++) {
      for (int y = 0; y < outH; y++) {
        for (int x = 0; x < outW; x++) {
          double sum = bias[o];
          for (int i = 0; i < in.length; i++) {
            for (int t = 0; t < 9; t++) {
              int sy = y * stride + t / 3 - padding;
              int sx = x * stride + t % 3 - padding;
              if (sy >= 0 && sy < h && sx >= 0 && sx < w) {
                sum += weight[(o * in.length + i) * 9 + t] * in[i][sy * w + sx];
              }
            }
          }
          out[o][y * outW + x] = Math.max(0, sum);
        }
      }
    }
    return out;
  }

  double[] logits(double[] input) {
    return head(layer("layer4", input).values());
  }

  private double[] head(double[][] maps) {
    double[] logits = new double[CLASSES];
    for (int c = 0; c < CLASSES; c++) {
      logits[c] = tensors.get("fc.bias").data()[c];
      for (int k = 0; k < CHANNELS; k++) {
        double mean = java.util.Arrays.stream(maps[k]).sum() / maps[k].length;
        logits[c] += tensors.get("fc.weight").data()[c * CHANNELS + k] * mean;
      }
    }
    return logits;
  }

  /** What a logit gains from each channel of a layer, a cell on average: central differences. */
  double[] meanGradient(PlainSsCam.Maps maps, int target) {
    double step = 1e-6;
    double[] gradient = new double[maps.channels()];
    for (int k = 0; k < gradient.length; k++) {
      double above = behind(raised(maps, k, step))[target];
      double below = behind(raised(maps, k, -step))[target];
      gradient[k] = (above - below) / (2 * step * maps.values()[k].length);
    }
    return gradient;
  }

  private static double[][] raised(PlainSsCam.Maps maps, int channel, double by) {
    double[][] raised = maps.values().clone();
    raised[channel] = java.util.Arrays.stream(raised[channel]).map(v -> v + by).toArray();
    return raised;
  }

  /** The logits from either layer's maps. */
  private double[] behind(double[][] maps) {
    int h = HEIGHT / 2;
    int w = WIDTH / 2;
    return head(maps.length == FIRST ? conv(maps, h, w, "conv2", 1, 1, h, w) : maps);
  }
}
