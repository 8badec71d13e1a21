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
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A small random net that wears ResNet-18's names, so that every method works on it: two
 * convolutions with ReLU, the mean of every channel and one linear layer. Channel {@value #DEAD} of
 * the last convolution is constant.
 */
record SmallNet(Map<String, HostTensor> tensors) implements TensorSource {
  static final int HEIGHT = 20;
  static final int WIDTH = 28;
  static final int STEM = 8;
  static final int CHANNELS = 12;
  static final int CLASSES = 5;
  static final int DEAD = 4;
  static final String LAST = "layer4";
  static final List<String> NAMES =
      List.of("red fox", "arctic fox", "tabby cat", "tiger cat", "owl");

  /** Weights that keep activations near 1 and the classes well apart. */
  static SmallNet random(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    tensors.put("conv1.weight", uniform(random, 0.47, STEM, 3, 3, 3));
    tensors.put("conv1.bias", uniform(random, 0.3, STEM));
    tensors.put("conv2.weight", uniform(random, 0.29, CHANNELS, STEM, 3, 3));
    tensors.put("conv2.bias", uniform(random, 0.5, CHANNELS));
    tensors.put("fc.weight", uniform(random, 1.2, CLASSES, CHANNELS));
    tensors.put("fc.bias", uniform(random, 0.3, CLASSES));
    SmallNet net = new SmallNet(tensors);
    net.kill(DEAD, 0.7f);
    return net;
  }

  private static HostTensor uniform(SplittableRandom random, double scale, int... dims) {
    HostTensor tensor = HostTensor.zeros(Shape.of(dims));
    for (int e = 0; e < tensor.data().length; e++) {
      tensor.data()[e] = (float) (random.nextDouble(-1, 1) * scale);
    }
    return tensor;
  }

  /** Makes a channel of the last convolution constant. */
  void kill(int channel, float value) {
    int each = STEM * 9;
    float[] weight = read("conv2.weight").data();
    java.util.Arrays.fill(weight, channel * each, (channel + 1) * each, 0);
    read("conv2.bias").data()[channel] = value;
  }

  static Graph graph() {
    Graph.Builder g = Graph.builder(Shape.of(3, HEIGHT, WIDTH));
    Graph.Value x = g.conv(g.input(), ConvSpec.of("conv1", STEM, 3).stride(2).withRelu());
    g.label("stem", x);
    x = g.label(LAST, g.conv(x, ConvSpec.of("conv2", CHANNELS, 3).withRelu()));
    x = g.label("vector", g.globalAvgPool("avgpool", x));
    g.linear("fc", x, CLASSES, false);
    return g.build();
  }

  /** This net on a device, which stays open when the classifier is closed. */
  Classifier on(Backend backend) {
    return as(Network.RESNET18, graph(), backend);
  }

  /** This net under the name of another. */
  Classifier as(Network network, Graph graph, Backend backend) {
    return new Classifier(
        backend,
        false,
        network,
        graph,
        this,
        () -> {},
        backend.load(graph, this, Precision.FP32),
        ClassNames.of(NAMES),
        Preprocess.Mode.STRETCH);
  }

  /** A random picture as the net sees it. */
  static HostTensor picture(long seed) {
    return uniform(new SplittableRandom(seed), 2, 1, 3, HEIGHT, WIDTH);
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
    HostTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no tensor " + name);
    }
    return tensor;
  }
}
