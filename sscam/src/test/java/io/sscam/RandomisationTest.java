package io.sscam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sscam.engine.HostTensor;
import io.sscam.engine.TensorSource;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Backends;
import io.sscam.engine.generated.GeneratedWeights;
import io.sscam.engine.graph.Graph;
import io.sscam.evaluate.Randomisation;
import io.sscam.nets.Network;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Weights replaced by chance, and what is left of maps then. */
class RandomisationTest {

  /** Names of the parameters that differ, of those that begin so. */
  private static Set<String> changed(TensorSource one, TensorSource other, String... prefixes) {
    Set<String> changed = new TreeSet<>();
    for (String name : one.names()) {
      boolean wanted = Arrays.stream(prefixes).anyMatch(name::startsWith);
      if (wanted && !Arrays.equals(one.read(name).data(), other.read(name).data())) {
        changed.add(name);
      }
    }
    return changed;
  }

  @Test
  void theLastLayersAreReplacedAndNoOthers() {
    Network net = Network.named("resnet18");
    Graph graph = net.graph(64, 64, 10);
    GeneratedWeights trained = new GeneratedWeights(net.parameters(10));
    assertThat(changed(trained, new RandomisedWeights(trained, graph, 0, 1), "fc", "layer4.1"))
        .isEmpty();
    assertThat(changed(trained, new RandomisedWeights(trained, graph, 1, 1), "fc", "layer4.1"))
        .containsExactly("fc.bias", "fc.weight");
    assertThat(changed(trained, new RandomisedWeights(trained, graph, 2, 1), "fc", "layer4.1"))
        .containsExactly(
            "fc.bias",
            "fc.weight",
            "layer4.1.bn2.bias",
            "layer4.1.bn2.running_mean",
            "layer4.1.bn2.weight",
            "layer4.1.conv2.weight");
    int all = RandomisedWeights.weighted(graph).size();
    assertThat(all).isEqualTo(21); // 20 convolutions, those of the shortcuts included, and fc
    Set<String> replaced =
        changed(trained, new RandomisedWeights(trained, graph, all, 1), "conv1", "bn1", "layer1");
    assertThat(replaced).hasSize(5 * 4); // all of five convolutions but running_var
    assertThat(replaced).noneMatch(name -> name.endsWith("running_var"));
    assertThatThrownBy(() -> new RandomisedWeights(trained, graph, all + 1, 1))
        .hasMessageContaining("22")
        .hasMessageContaining("21");
  }

  @Test
  void theyKeepMeanAndDeviationAndRepeatBySeed() {
    Network net = Network.named("squeezenet1_0");
    GeneratedWeights trained = new GeneratedWeights(net.parameters(1000));
    Graph graph = net.graph(64, 64, 1000);
    float[] before = trained.read("classifier.1.weight").data();
    float[] after = weight(trained, graph, 1);
    assertThat(mean(after)).isCloseTo(mean(before), within(1e-3));
    assertThat(deviation(after) / deviation(before)).isCloseTo(1, within(0.01));
    assertThat(Arrays.equals(weight(trained, graph, 1), after)).isTrue();
    assertThat(Arrays.equals(weight(trained, graph, 2), after)).isFalse();
  }

  private static float[] weight(TensorSource trained, Graph graph, long seed) {
    return new RandomisedWeights(trained, graph, 1, seed).read("classifier.1.weight").data();
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double deviation(float[] values) {
    double mean = mean(values);
    double sum = 0;
    for (float value : values) {
      sum += (value - mean) * (value - mean);
    }
    return Math.sqrt(sum / values.length);
  }

  /** The mean of the activations sees nothing of the head; Grad-CAM is made of it. */
  @Test
  void mapsThatDoNotUseTheHeadDoNotChangeWithIt() {
    List<HostTensor> pictures =
        List.of(TinyNet.picture(1), TinyNet.picture(2), TinyNet.picture(3), TinyNet.picture(4));
    Method gradCam = Method.named("grad-cam");
    Method mean = Method.named("mean-activation");
    try (Backend backend = Backends.open("cpu", 1);
        Classifier classifier = new TinyNet(6).classifier(backend)) {
      assertThat(classifier.weightedLayers()).containsExactly("conv1", "conv2", "fc");
      assertThat(Randomisation.usualCounts(21)).containsExactly(1, 2, 4, 8, 16, 21);
      List<Randomisation.Row> rows =
          new Randomisation(classifier, "layer4", List.of(gradCam, mean), 3)
              .run(pictures, List.of(1, 3), (done, total) -> assertThat(total).isEqualTo(12));
      assertThat(rows).hasSize(4);
      assertThat(rows.get(0).first()).isEqualTo("fc");
      assertThat(rows.get(2).first()).isEqualTo("conv1");
      assertThat(correlation(rows, gradCam, 1)).isLessThan(0.9);
      assertThat(correlation(rows, mean, 1)).isEqualTo(1, within(1e-12));
      assertThat(correlation(rows, mean, 3)).isLessThan(0.9);
    }
  }

  private static double correlation(List<Randomisation.Row> rows, Method method, int count) {
    return rows.stream()
        .filter(row -> row.method().equals(method) && row.randomised() == count)
        .findFirst()
        .orElseThrow()
        .spearman()
        .map(interval -> interval.mean())
        .orElse(0.0);
  }
}
