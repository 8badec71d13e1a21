package io.sscam.nets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sscam.engine.Shape;
import io.sscam.engine.generated.GeneratedWeights;
import io.sscam.engine.graph.Graph;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Names and shapes of the nets. */
class NetworkTest {
  static final List<Network> NETS = Network.all();

  @Test
  void netsAreFoundByTheirIds() {
    for (Network net : NETS) {
      assertThat(Network.named(net.id())).isEqualTo(net);
    }
    assertThatThrownBy(() -> Network.named("alexnet"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("alexnet")
        .hasMessageContaining("resnet18, vgg16, squeezenet1_0");
  }

  /** Counts of torchvision's state_dict without num_batches_tracked. */
  @ParameterizedTest
  @CsvSource({"resnet18, 102, 11699112", "vgg16, 32, 138357544", "squeezenet1_0, 52, 1248424"})
  void parametersAreCounted(String id, int tensors, long values) {
    Map<String, Shape> parameters = Network.named(id).parameters(1000);
    assertThat(parameters).hasSize(tensors);
    assertThat(parameters.values().stream().mapToLong(Shape::elements).sum()).isEqualTo(values);
  }

  /** The digest covers every name, shape and the order of PyTorch. */
  @ParameterizedTest
  @FieldSource("NETS")
  void parametersAreTorchvisions(Network net) throws Exception {
    GeneratedWeights weights = new GeneratedWeights(net.parameters(1000));
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    for (String name : stateDictOrder(weights.names())) {
      float[] data = weights.read(name).data();
      ByteBuffer bytes = ByteBuffer.allocate(4 * data.length).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(data);
      sha256.update(bytes);
    }
    assertThat(HexFormat.of().formatHex(sha256.digest()))
        .isEqualTo(GoldenFile.of(net.id()).weightsDigest());
  }

  /** A block's projection comes last in PyTorch, but is computed before the sum. */
  private static List<String> stateDictOrder(Iterable<String> names) {
    List<String> ordered = new ArrayList<>();
    List<String> projection = new ArrayList<>();
    for (String name : names) {
      if (name.contains(".downsample.")) {
        projection.add(name);
        continue;
      }
      if (!name.contains(".conv2.") && !name.contains(".bn2.")) {
        ordered.addAll(projection);
        projection.clear();
      }
      ordered.add(name);
    }
    return ordered;
  }

  @ParameterizedTest
  @FieldSource("NETS")
  void headHasOneRowPerClass(Network net) {
    Map<String, Shape> parameters = net.parameters(7);
    assertThat(parameters.get(net.headWeight())).isNotNull();
    assertThat(parameters.get(net.headBias())).isEqualTo(Shape.of(7));
    Graph graph = net.graph(40, 50, 7);
    assertThat(graph.logits()).isEqualTo(Shape.of(7));
    if (net.gapHead()) {
      int channels = graph.shape(net.defaultLayer()).dim(0);
      Shape row =
          net.headWeight().startsWith("fc") ? Shape.of(7, channels) : Shape.of(7, channels, 1, 1);
      assertThat(parameters.get(net.headWeight())).isEqualTo(row);
    }
  }

  @ParameterizedTest
  @FieldSource("NETS")
  void picturesThatAreTooSmallAreRefused(Network net) {
    assertThat(net.graph(32, 32, 1).logits()).isEqualTo(Shape.of(1));
    for (int[] size : new int[][] {{31, 224}, {224, 31}, {0, 32}, {-5, 32}}) {
      assertThatThrownBy(() -> net.graph(size[0], size[1], 1000))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(net.id())
          .hasMessageContaining("32");
    }
    assertThatThrownBy(() -> net.graph(32, 32, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void labelsAreTorchvisionsModules() {
    assertThat(new ResNet18().graph(64, 64, 2).labels().keySet())
        .containsExactly(
            "relu",
            "maxpool",
            "layer1.0",
            "layer1.1",
            "layer1",
            "layer2.0",
            "layer2.1",
            "layer2",
            "layer3.0",
            "layer3.1",
            "layer3",
            "layer4.0",
            "layer4.1",
            "layer4");
    assertThat(new Vgg16().graph(64, 64, 2).labels().keySet())
        .containsExactlyElementsOf(
            Stream.of(1, 3, 4, 6, 8, 9, 11, 13, 15, 16, 18, 20, 22, 23, 25, 27, 29, 30)
                .map(module -> "features." + module)
                .toList());
    assertThat(new SqueezeNet1_0().graph(64, 64, 2).labels().keySet())
        .containsExactly(
            "features.1",
            "features.2",
            "features.3",
            "features.4",
            "features.5",
            "features.6",
            "features.7",
            "features.8",
            "features.9",
            "features.10",
            "features.11",
            "features.12",
            "classifier.2");
  }

  /** By PyTorch's formulas, worked out by a program of a few lines that knows no graph. */
  @ParameterizedTest
  @CsvSource({
    "resnet18, 224, 224, relu:112x112 maxpool:56x56 layer2:28x28 layer3:14x14 " + "layer4:7x7",
    "resnet18, 32, 32, relu:16x16 maxpool:8x8 layer2:4x4 layer3:2x2 layer4:1x1",
    "resnet18, 33, 47, relu:17x24 maxpool:9x12 layer2:5x6 layer3:3x3 layer4:2x2",
    "resnet18, 64, 224, relu:32x112 maxpool:16x56 layer2:8x28 layer3:4x14 layer4:2x7",
    "resnet18, 500, 333, relu:250x167 maxpool:125x84 layer2:63x42 layer3:32x21 " + "layer4:16x11",
    "vgg16, 224, 224, features.4:112x112 features.9:56x56 features.16:28x28 "
        + "features.23:14x14 features.30:7x7",
    "vgg16, 32, 32, features.4:16x16 features.9:8x8 features.16:4x4 "
        + "features.23:2x2 features.30:1x1",
    "vgg16, 33, 47, features.4:16x23 features.9:8x11 features.16:4x5 "
        + "features.23:2x2 features.30:1x1",
    "vgg16, 64, 224, features.4:32x112 features.9:16x56 features.16:8x28 "
        + "features.23:4x14 features.30:2x7",
    "vgg16, 500, 333, features.4:250x166 features.9:125x83 features.16:62x41 "
        + "features.23:31x20 features.30:15x10",
    "squeezenet1_0, 224, 224, features.1:109x109 features.2:54x54 features.6:27x27 "
        + "features.12:13x13",
    "squeezenet1_0, 32, 32, features.1:13x13 features.2:6x6 features.6:3x3 " + "features.12:1x1",
    "squeezenet1_0, 33, 47, features.1:14x21 features.2:7x10 features.6:3x5 " + "features.12:1x2",
    "squeezenet1_0, 64, 224, features.1:29x109 features.2:14x54 features.6:7x27 "
        + "features.12:3x13",
    "squeezenet1_0, 500, 333, features.1:247x164 features.2:123x82 features.6:61x41 "
        + "features.12:30x20"
  })
  void shapesArePyTorchs(String id, int height, int width, String expected) {
    Graph graph = Network.named(id).graph(height, width, 10);
    for (String entry : expected.split(" ", -1)) {
      String[] parts = entry.split(":", -1);
      Shape shape = graph.shape(parts[0]);
      assertThat(shape.dim(1) + "x" + shape.dim(2)).as(parts[0]).isEqualTo(parts[1]);
    }
  }
}
