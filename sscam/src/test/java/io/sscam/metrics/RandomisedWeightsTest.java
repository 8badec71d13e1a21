package io.sscam.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.TensorSource;
import io.sscam.engine.generated.GeneratedWeights;
import io.sscam.engine.graph.ConvSpec;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.noise.GaussianNoise;
import io.sscam.nets.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RandomisedWeightsTest {
  private static final long SEED = 0x5EED_0000_0007L;
  private static final int CLASSES = 10;

  /** All but VGG-16's first two linear layers: those would take most of the time. */
  private static final long LARGEST = 512 * 512 * 9;

  static List<Network> nets() {
    return Network.all();
  }

  private static Graph graph(Network net) {
    return net.graph(net.minimumSize(), net.minimumSize(), CLASSES);
  }

  private static TensorSource weights(Network net) {
    return new GeneratedWeights(net.parameters(CLASSES));
  }

  /** One convolution with a batch norm, one with a bias, one linear layer; few elements. */
  private static final class Small implements TensorSource {
    private final Map<String, HostTensor> tensors = new LinkedHashMap<>();

    Small() {
      put("a.weight", Shape.of(2, 1, 1, 1), 1, 3);
      put("norm.weight", Shape.of(2), 2, 4);
      put("norm.bias", Shape.of(2), -1, 1);
      put("norm.running_mean", Shape.of(2), 0, 8);
      put("norm.running_var", Shape.of(2), 5, 6);
      put("b.weight", Shape.of(1, 2, 1, 1), 10, 20);
      put("b.bias", Shape.of(1), 7);
      put("fc.weight", Shape.of(4, 1), 1, 2, 3, 6);
      put("fc.bias", Shape.of(4), 0.5f, 0.5f, 0.5f, 0.5f);
    }

    private void put(String name, Shape shape, float... values) {
      tensors.put(name, new HostTensor(shape, values));
    }

    Graph graph() {
      Graph.Builder g = Graph.builder(Shape.of(1, 3, 3));
      Graph.Value x = g.conv(g.input(), ConvSpec.of("a", 2, 1).batchNorm("norm"));
      x = g.conv(x, ConvSpec.of("b", 1, 1));
      g.linear("fc", g.globalAvgPool("pool", x), 4, false);
      return g.build();
    }

    RandomisedWeights randomised(int layers) {
      return new RandomisedWeights(this, graph(), layers, SEED);
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

  /** mean + deviation · z(seed, place of the layer, number of the tensor). */
  private static float[] normals(double mean, double deviation, int count, int place, int tensor) {
    float[] values = new float[count];
    new GaussianNoise().fill(values, 0, count, SEED, place, tensor, 0);
    for (int e = 0; e < count; e++) {
      values[e] = (float) (mean + deviation * values[e]);
    }
    return values;
  }

  @Test
  void momentsByHand() {
    RandomisedWeights all = new Small().randomised(3);
    // the input is the graph's place 0, the pool its place 3
    assertThat(all.read("a.weight").data()).containsExactly(normals(2, 1, 2, 1, 0));
    assertThat(all.read("norm.weight").data()).containsExactly(normals(3, 1, 2, 1, 1));
    assertThat(all.read("norm.bias").data()).containsExactly(normals(0, 1, 2, 1, 2));
    assertThat(all.read("norm.running_mean").data()).containsExactly(normals(4, 4, 2, 1, 3));
    assertThat(all.read("b.weight").data()).containsExactly(normals(15, 5, 2, 2, 0));
    // deviations −2, −1, 0, 3
    assertThat(all.read("fc.weight").data()).containsExactly(normals(3, Math.sqrt(3.5), 4, 4, 0));
    assertThat(all.read("fc.weight").shape()).isEqualTo(Shape.of(4, 1));
  }

  @Test
  void whatIsConstantStaysAndSoDoesTheVariance() {
    RandomisedWeights all = new Small().randomised(3);
    assertThat(all.read("norm.running_var").data()).containsExactly(5, 6);
    assertThat(all.read("b.bias").data()).containsExactly(7);
    assertThat(all.read("fc.bias").data()).containsOnly(0.5f);
  }

  @Test
  void theSourcesOwnArraysAreLeftAlone() {
    Small small = new Small();
    small.randomised(3).read("fc.weight");
    assertThat(small.read("fc.weight").data()).containsExactly(1, 2, 3, 6);
  }

  @Test
  void namesAndShapesAreTheSources() {
    Small small = new Small();
    RandomisedWeights two = small.randomised(2);
    assertThat(two.names()).containsExactlyElementsOf(small.names());
    for (String name : small.names()) {
      assertThat(two.shape(name)).isEqualTo(small.shape(name));
    }
    assertThatThrownBy(() -> two.read("c.weight")).hasMessage("no tensor c.weight");
  }

  @Test
  void moreLayersThanThereAreAreRefused() {
    Small small = new Small();
    for (int layers : new int[] {-1, 4}) {
      assertThatThrownBy(() -> small.randomised(layers))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(layers + " layers cannot be randomised: the net has 0 to 3 with weights");
    }
  }

  static List<List<String>> tops() {
    return List.of(
        List.of(
            "resnet18",
            "21",
            "fc",
            "layer4.1.conv2",
            "layer4.1.conv1",
            "layer4.0.conv2",
            "layer4.0.downsample.0",
            "layer4.0.conv1",
            "layer3.1.conv2"),
        List.of(
            "vgg16",
            "16",
            "classifier.6",
            "classifier.3",
            "classifier.0",
            "features.28",
            "features.26"),
        List.of(
            "squeezenet1_0",
            "26",
            "classifier.1",
            "features.12.expand3x3",
            "features.12.expand1x1",
            "features.12.squeeze",
            "features.10.expand3x3"));
  }

  @ParameterizedTest
  @MethodSource("tops")
  void theTopIsWhatRunsLast(List<String> expected) {
    List<String> layers = RandomisedWeights.fromTheTop(graph(Network.named(expected.get(0))));
    assertThat(layers).hasSize(Integer.parseInt(expected.get(1))).doesNotHaveDuplicates();
    assertThat(layers).startsWith(expected.subList(2, expected.size()).toArray(String[]::new));
    assertThat(layers.get(layers.size() - 1)).isIn("conv1", "features.0");
  }

  /** What belongs to a layer by torchvision's names, batch norms included. */
  private static Set<String> tensors(Network net, String layer) {
    Set<String> modules = new TreeSet<>(Set.of(layer));
    if (net.id().equals("resnet18") && !layer.equals("fc")) {
      modules.add(
          layer.endsWith("downsample.0")
              ? layer.replace("downsample.0", "downsample.1")
              : layer.replace("conv", "bn"));
    }
    Set<String> names = new TreeSet<>(net.parameters(CLASSES).keySet());
    names.removeIf(
        name ->
            !modules.contains(name.substring(0, name.lastIndexOf('.')))
                || name.endsWith(".running_var"));
    return names;
  }

  @ParameterizedTest
  @MethodSource("nets")
  void onlyTheLastLayersDiffer(Network net) {
    TensorSource source = weights(net);
    List<String> layers = RandomisedWeights.fromTheTop(graph(net));
    for (int count : new int[] {0, 1, 4, layers.size()}) {
      RandomisedWeights weights = new RandomisedWeights(source, graph(net), count, SEED);
      Set<String> expected = new TreeSet<>();
      layers.subList(0, count).forEach(layer -> expected.addAll(tensors(net, layer)));
      expected.removeIf(name -> tooLarge(source, name));
      Set<String> changed = new TreeSet<>();
      for (String name : read(source)) {
        HostTensor before = source.read(name);
        HostTensor after = weights.read(name);
        assertThat(after.shape()).isEqualTo(before.shape());
        if (!Arrays.equals(after.data(), before.data())) {
          changed.add(name);
        }
      }
      assertThat(changed).isEqualTo(expected);
    }
  }

  private static boolean tooLarge(TensorSource source, String name) {
    return source.shape(name).elements() > LARGEST;
  }

  private static List<String> read(TensorSource source) {
    return source.names().stream().filter(name -> !tooLarge(source, name)).toList();
  }

  /**
   * Of n normals the mean strays by σ/√n and the deviation by σ/√2n; five times that is refused.
   */
  @ParameterizedTest
  @MethodSource("nets")
  void meanAndDeviationAreKept(Network net) {
    TensorSource source = weights(net);
    Graph graph = graph(net);
    RandomisedWeights weights =
        new RandomisedWeights(source, graph, RandomisedWeights.fromTheTop(graph).size(), SEED);
    for (String name : read(source)) {
      double[] before = moments(source.read(name).data());
      double[] after = moments(weights.read(name).data());
      double n = source.shape(name).elements();
      assertThat(after[0]).as(name).isCloseTo(before[0], within(5 * before[1] / Math.sqrt(n)));
      assertThat(after[1]).as(name).isCloseTo(before[1], within(5 * before[1] / Math.sqrt(2 * n)));
    }
  }

  /** Mean and deviation, by sums of the values and of their squares. */
  private static double[] moments(float[] values) {
    double sum = 0;
    double squares = 0;
    for (double value : values) {
      sum += value;
      squares += value * value;
    }
    double mean = sum / values.length;
    return new double[] {mean, Math.sqrt(Math.max(0, squares / values.length - mean * mean))};
  }

  @Test
  void theSameSeedGivesTheSameBits() {
    Network net = Network.named("resnet18");
    String name = "layer4.1.bn2.weight";
    float[] first = read(net, 2, SEED, name);
    assertThat(read(net, 2, SEED, name)).containsExactly(first);
    assertThat(read(net, 2, SEED + 1, name)).isNotEqualTo(first);
    assertThat(read(net, 2, SEED + (1L << 32), name)).isNotEqualTo(first);
    // one more layer is replaced, this one keeps its normals
    assertThat(read(net, 3, SEED, name)).containsExactly(first);
  }

  private static float[] read(Network net, int layers, long seed, String name) {
    return new RandomisedWeights(weights(net), graph(net), layers, seed).read(name).data();
  }

  /** Two tensors of the same moments would otherwise become the same. */
  @Test
  void everyTensorHasNormalsOfItsOwn() {
    Network net = Network.named("resnet18");
    List<float[]> normals = new ArrayList<>();
    Stream.of("weight", "bias", "running_mean")
        .flatMap(part -> Stream.of("layer4.0.bn2.", "layer4.1.bn1.").map(bn -> bn + part))
        .forEach(
            name -> {
              float[] values = read(net, 6, SEED, name);
              double[] moments = moments(weights(net).read(name).data());
              for (int e = 0; e < values.length; e++) {
                values[e] = (float) ((values[e] - moments[0]) / moments[1]);
              }
              normals.add(values);
            });
    for (int i = 0; i < normals.size(); i++) {
      for (int j = 0; j < i; j++) {
        double product = 0;
        for (int e = 0; e < normals.get(i).length; e++) {
          product += normals.get(i)[e] * normals.get(j)[e];
        }
        // uncorrelated: a sum of 512 products strays by √512
        assertThat(product).isCloseTo(0, within(5 * Math.sqrt(512)));
      }
    }
  }
}
