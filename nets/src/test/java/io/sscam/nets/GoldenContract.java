package io.sscam.nets;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.engine.HostTensor;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.Tensor;
import io.sscam.engine.generated.GeneratedWeights;
import io.sscam.engine.graph.Graph;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The nets with generated weights against torchvision's own forward pass in float64. A backend's
 * test class extends this one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GoldenContract {
  /**
   * Room for float32 through 18 layers: PyTorch's own float32 pass is off by up to 5.6e-5 where
   * logits reach 73. The two pictures' logits differ by 0.036 on average, so that swapped pictures
   * do not pass.
   */
  private static final double TOLERANCE = 1e-4;

  private static final int CLASSES = 1000;
  private final Backend backend;
  private final Session session;

  GoldenContract(Backend backend) {
    this.backend = backend;
    this.session = backend.openSession();
  }

  /** The nets to run; all, unless the backend is too slow. */
  List<Network> nets() {
    return Network.all();
  }

  /** Those of them to run in several batch sizes. */
  List<Network> netsInBatches() {
    return nets();
  }

  @AfterEach
  final void nothingIsLeft() {
    assertThat(backend.liveBytes()).as("live bytes").isZero();
  }

  @AfterAll
  final void close() {
    session.close();
    backend.close();
  }

  /** Both pictures at once, looking at every layer that has a label. */
  @ParameterizedTest
  @MethodSource("nets")
  void everyStageIsTorchvisions(Network net) {
    GoldenFile golden = GoldenFile.of(net.id());
    Map<String, HostTensor> stats = golden.startingWith("stats/");
    Graph graph = net.graph(224, 224, CLASSES);
    Set<String> keep = new HashSet<>(graph.labels().keySet());
    keep.removeIf(label -> !stats.containsKey("stats/" + label) && !isActivation(golden, label));
    assertThat(keep).contains(net.defaultLayer());
    try (Backend.Model model = load(net, graph);
        Executable run = session.compile(model, 2, keep)) {
      session.upload(GeneratedWeights.input().data(), run.input());
      run.run(2);
      for (String label : keep) {
        float[] kept = download(run.kept(label));
        if (stats.containsKey("stats/" + label)) {
          compareStats(label, kept, golden.read("stats/" + label));
        }
        if (isActivation(golden, label)) {
          compareMaps(label, kept, golden.read("activation/" + label));
        }
      }
      compareLogits(net, download(run.logits()), golden.read("logits"));
    }
  }

  private static boolean isActivation(GoldenFile golden, String label) {
    return golden.startingWith("activation/").containsKey("activation/" + label);
  }

  /** One picture after the other, and both in a batch with room for more. */
  @ParameterizedTest
  @MethodSource("netsInBatches")
  void batchesDoNotMatter(Network net) {
    float[] expected = GoldenFile.of(net.id()).read("logits");
    Graph graph = net.graph(224, 224, CLASSES);
    float[] pictures = GeneratedWeights.input().data();
    int each = pictures.length / 2;
    try (Backend.Model model = load(net, graph);
        Executable one = session.compile(model, 1, Set.of());
        Executable three = session.compile(model, 3, Set.of())) {
      float[] logits = new float[2 * CLASSES];
      for (int n = 0; n < 2; n++) {
        session.upload(Arrays.copyOfRange(pictures, n * each, (n + 1) * each), one.input());
        one.run(1);
        System.arraycopy(download(one.logits()), 0, logits, n * CLASSES, CLASSES);
      }
      compareLogits(net, logits, expected);
      session.upload(pictures, three.input());
      three.run(2);
      compareLogits(net, Arrays.copyOf(download(three.logits()), 2 * CLASSES), expected);
    }
  }

  private Backend.Model load(Network net, Graph graph) {
    GeneratedWeights weights = new GeneratedWeights(net.parameters(CLASSES));
    return backend.load(graph, weights, Precision.FP32);
  }

  private float[] download(Tensor tensor) {
    float[] data = new float[tensor.shape().elementsAsInt()];
    session.download(tensor, data);
    return data;
  }

  /** Relative where a logit is over 1, absolute below. */
  private static void compareLogits(Network net, float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int e = 0; e < expected.length; e++) {
      double tolerance = TOLERANCE * Math.max(1, Math.abs(expected[e]));
      near("logit " + e + " of " + net.id(), actual[e], expected[e], tolerance);
    }
  }

  /** The first picture's maps, relative to the largest activation. */
  private static void compareMaps(String label, float[] actual, float[] expected) {
    double peak = 0;
    for (float v : expected) {
      peak = Math.max(peak, Math.abs(v));
    }
    for (int e = 0; e < expected.length; e++) {
      near(label + " element " + e, actual[e], expected[e], TOLERANCE * peak);
    }
  }

  /** Mean, deviation, norm, minimum and maximum of each picture, relative to the largest value. */
  private static void compareStats(String label, float[] kept, float[] expected) {
    int each = kept.length / 2;
    for (int n = 0; n < 2; n++) {
      double sum = 0;
      double squares = 0;
      double min = Double.POSITIVE_INFINITY;
      double max = Double.NEGATIVE_INFINITY;
      for (int e = n * each; e < (n + 1) * each; e++) {
        sum += kept[e];
        squares += (double) kept[e] * kept[e];
        min = Math.min(min, kept[e]);
        max = Math.max(max, kept[e]);
      }
      double mean = sum / each;
      double deviation = Math.sqrt(squares / each - mean * mean);
      double peak = Math.max(Math.abs(expected[5 * n + 3]), Math.abs(expected[5 * n + 4]));
      String what = label + " of picture " + n + ": ";
      near(what + "mean", mean, expected[5 * n], TOLERANCE * expected[5 * n + 1]);
      near(what + "deviation", deviation, expected[5 * n + 1], TOLERANCE * expected[5 * n + 1]);
      near(what + "norm", Math.sqrt(squares), expected[5 * n + 2], TOLERANCE * expected[5 * n + 2]);
      near(what + "minimum", min, expected[5 * n + 3], TOLERANCE * peak);
      near(what + "maximum", max, expected[5 * n + 4], TOLERANCE * peak);
    }
  }

  private static void near(String what, double actual, double expected, double tolerance) {
    if (!(Math.abs(actual - expected) <= tolerance)) { // NaN is not near
      throw new AssertionError(what + " is " + actual + ", not " + expected + " ± " + tolerance);
    }
  }
}
