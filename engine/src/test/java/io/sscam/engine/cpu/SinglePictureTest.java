package io.sscam.engine.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Gradient;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.Tensor;
import io.sscam.engine.contract.Weights;
import io.sscam.engine.graph.ConvSpec;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Graph.Value;
import io.sscam.engine.graph.Window;
import io.sscam.engine.onednn.OnednnLibrary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A picture's values are the same to the bit, however many threads and whatever else there is. */
class SinglePictureTest {
  private static final String LABEL = "wide";

  private final Graph graph = net();

  /** Layers of the kinds that real nets have, large enough to be shared among threads. */
  private static Graph net() {
    Graph.Builder g = Graph.builder(Shape.of(3, 95, 110));
    Value x = g.conv(g.input(), ConvSpec.of("stem", 64, 7).stride(2).padding(3).withRelu());
    x = g.maxPool("pool", x, new Window(3, 2, 1), false);
    Value y = g.conv(x, ConvSpec.of("a", 64, 3).padding(1).withRelu());
    x = g.conv(y, ConvSpec.of("b", 64, 3).padding(1).plus(x).withRelu());
    Value one = g.conv(x, ConvSpec.of("one", 64, 1).withRelu());
    Value three = g.conv(x, ConvSpec.of("three", 64, 3).padding(1).withRelu());
    x = g.concat("joined", one, three);
    x = g.label(LABEL, g.conv(x, ConvSpec.of("wide", 256, 3).stride(2).padding(1).withRelu()));
    x = g.adaptiveAvgPool("mean", x, 4, 4);
    x = g.linear("fc1", x, 1024, true);
    g.linear("fc2", x, 1000, false);
    return g.build();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7})
  void threadsDoNotMatter(int threads) {
    for (Precision precision : OnednnLibrary.precisions()) {
      List<float[]> one = forwardAndBack(1, precision);
      List<float[]> several = forwardAndBack(threads, precision);
      same(several, one);
    }
  }

  /** Both want all threads, and get them one after the other. */
  @Test
  void sessionsOnTwoThreadsDoNotMatter() throws InterruptedException {
    List<float[]> alone = forwardAndBack(2, Precision.FP32);
    List<List<float[]>> both = new ArrayList<>(List.of(List.of(), List.of()));
    try (Backend cpu = new CpuBackend(2)) {
      Thread other = new Thread(() -> both.set(1, forwardAndBack(cpu, Precision.FP32)));
      other.start();
      both.set(0, forwardAndBack(cpu, Precision.FP32));
      other.join();
      assertThat(cpu.liveBytes()).isZero();
    }
    for (List<float[]> results : both) {
      same(results, alone);
    }
  }

  /** In a piece, alone beside pieces, or in a net of its own. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void companyDoesNotMatter(int threads) {
    OnednnLibrary.precisions().forEach(precision -> companyDoesNotMatter(threads, precision));
  }

  private void companyDoesNotMatter(int threads, Precision precision) {
    int most = 21;
    float[] picture = picture();
    try (Backend cpu = new CpuBackend(threads);
        Backend.Model model = cpu.load(graph, Weights.of(graph), precision);
        Session session = cpu.openSession();
        Executable net = session.compile(model, most, Set.of())) {
      float[] pictures = new float[most * picture.length];
      for (int i = 0; i < most; i++) {
        System.arraycopy(picture, 0, pictures, i * picture.length, picture.length);
      }
      session.upload(pictures, net.input());
      float[] first = null;
      for (int count = 1; count <= most; count++) {
        session.fill(net.logits(), Float.NaN);
        net.run(count);
        float[] logits = download(session, net.logits());
        int classes = logits.length / most;
        first = first == null ? Arrays.copyOf(logits, classes) : first;
        for (int row = 0; row < count; row++) {
          assertThat(Arrays.copyOfRange(logits, row * classes, (row + 1) * classes))
              .as("row %d of %d in %s", row, count, precision)
              .isEqualTo(first);
        }
      }
    }
  }

  private static void same(List<float[]> actual, List<float[]> expected) {
    assertThat(actual.get(0)).as("logits").isEqualTo(expected.get(0));
    assertThat(actual.get(1)).as("gradient").isEqualTo(expected.get(1));
    assertThat(actual.get(1)).as("gradient").isNotEqualTo(new float[actual.get(1).length]);
  }

  private List<float[]> forwardAndBack(int threads, Precision precision) {
    try (Backend cpu = new CpuBackend(threads)) {
      return forwardAndBack(cpu, precision);
    }
  }

  private List<float[]> forwardAndBack(Backend cpu, Precision precision) {
    float[] picture = picture();
    try (Backend.Model model = cpu.load(graph, Weights.of(graph), precision);
        Session session = cpu.openSession();
        Executable net = session.compile(model, 1, Set.of());
        Gradient gradient = session.differentiate(model, LABEL)) {
      session.upload(picture, net.input());
      net.run(1);
      session.upload(picture, gradient.input());
      gradient.run(1);
      gradient.backward(2);
      float[] logits = download(session, net.logits());
      assertThat(download(session, gradient.logits())).as("on the way there").isEqualTo(logits);
      return List.of(logits, download(session, gradient.gradient()));
    }
  }

  private float[] picture() {
    Random random = new Random(5);
    float[] picture = new float[graph.input().elementsAsInt()];
    for (int i = 0; i < picture.length; i++) {
      picture[i] = random.nextFloat() - 0.4f;
    }
    return picture;
  }

  private static float[] download(Session session, Tensor tensor) {
    float[] values = new float[tensor.shape().elementsAsInt()];
    session.download(tensor, values);
    return values;
  }
}
