package io.sscam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.TensorSource;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Precision;
import io.sscam.engine.backend.Session;
import io.sscam.engine.graph.ConvSpec;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Window;
import io.sscam.engine.reference.ReferenceBackend;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The gradient of a head like VGG-16's against central differences of the reference backend. */
class HeadGradientTest {
  private static final int CHANNELS = 3;
  private static final int SIDE = 9;
  private static final int CLASSES = 4;

  /** The head alone: its input is the layer that is looked at. */
  private static Graph head() {
    Graph.Builder g = Graph.builder(Shape.of(CHANNELS, SIDE, SIDE));
    Graph.Value x = g.label("maps", g.input());
    x = g.maxPool("pool", x, new Window(3, 2, 1), true);
    x = g.adaptiveAvgPool("avgpool", x, 3, 2);
    x = g.linear("classifier.0", x, 7, true);
    x = g.linear("classifier.3", x, 6, true);
    g.linear("classifier.6", x, CLASSES, false);
    return g.build();
  }

  private record Random2(Map<String, HostTensor> tensors) implements TensorSource {
    static Random2 of(Map<String, Shape> shapes) {
      Random random = new Random(4);
      Map<String, HostTensor> tensors = new LinkedHashMap<>();
      shapes.forEach(
          (name, shape) -> {
            HostTensor tensor = HostTensor.zeros(shape);
            for (int i = 0; i < tensor.data().length; i++) {
              tensor.data()[i] = (float) random.nextGaussian() * 0.5f;
            }
            tensors.put(name, tensor);
          });
      return new Random2(tensors);
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
  }

  private static Random2 weights() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    shapes.put("classifier.0.weight", Shape.of(7, CHANNELS * 6));
    shapes.put("classifier.0.bias", Shape.of(7));
    shapes.put("classifier.3.weight", Shape.of(6, 7));
    shapes.put("classifier.3.bias", Shape.of(6));
    shapes.put("classifier.6.weight", Shape.of(CLASSES, 6));
    shapes.put("classifier.6.bias", Shape.of(CLASSES));
    return Random2.of(shapes);
  }

  /** Raising a whole channel by ε raises the logit by ε · plane · mean gradient. */
  @Test
  void equalsCentralDifferences() {
    Random random = new Random(9);
    float[] maps = new float[CHANNELS * SIDE * SIDE];
    for (int i = 0; i < maps.length; i++) {
      maps[i] = Math.max(0, (float) random.nextGaussian());
    }
    int plane = SIDE * SIDE;
    float step = 1f / 2048;
    try (Backend backend = new ReferenceBackend(1);
        Backend.Model model = backend.load(head(), weights(), Precision.FP32);
        Session session = backend.openSession();
        Executable net = session.compile(model, 1, Set.of())) {
      for (int c = 0; c < CLASSES; c++) {
        float[] gradient = HeadGradient.of(head(), weights(), "maps", maps, c);
        for (int k = 0; k < CHANNELS; k++) {
          double difference =
              (logit(session, net, raised(maps, k, step), c)
                      - logit(session, net, raised(maps, k, -step), c))
                  / (2.0 * step * plane);
          assertThat((double) gradient[k]).isCloseTo(difference, within(1e-5));
        }
        assertThat(gradient).doesNotContain(0f);
      }
    }
  }

  private static float[] raised(float[] maps, int channel, float step) {
    float[] raised = maps.clone();
    for (int i = 0; i < SIDE * SIDE; i++) {
      raised[channel * SIDE * SIDE + i] += step;
    }
    return raised;
  }

  private static double logit(Session session, Executable net, float[] maps, int c) {
    session.upload(maps, net.input());
    net.run(1);
    float[] logits = new float[CLASSES];
    session.download(net.logits(), logits);
    return logits[c];
  }

  @Test
  void aConvolutionBehindTheLayerIsRefused() {
    Graph.Builder g = Graph.builder(Shape.of(CHANNELS, SIDE, SIDE));
    Graph.Value x = g.label("early", g.input());
    g.globalAvgPool("pool", g.conv(x, ConvSpec.of("conv", CLASSES, 1)));
    assertThatThrownBy(() -> HeadGradient.of(g.build(), weights(), "early", new float[243], 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("early")
        .hasMessageContaining("conv");
  }
}
