package io.sscam.nets;

import io.sscam.engine.Shape;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The nets that can be loaded, by torchvision's names. */
public enum Network {
  /** He et al., arXiv 1512.03385. */
  RESNET18("layer4", "fc", true) {
    @Override
    void define(Graph.Builder g, int classes) {
      ResNet18.define(g, classes);
    }
  },
  /** Simonyan and Zisserman, arXiv 1409.1556. */
  VGG16("features.29", "classifier.6", false) {
    @Override
    void define(Graph.Builder g, int classes) {
      Vgg16.define(g, classes);
    }
  },
  /** Iandola et al., arXiv 1602.07360. */
  SQUEEZENET1_0("features.12", "classifier.1", true) {
    @Override
    void define(Graph.Builder g, int classes) {
      SqueezeNet.define(g, classes);
    }
  };

  private static final int SMALLEST_INPUT = 32;
  private static final int LARGEST_INPUT = 4096;

  private final String defaultLayer;
  private final String head;
  private final boolean gapHead;

  Network(String defaultLayer, String head, boolean gapHead) {
    this.defaultLayer = defaultLayer;
    this.head = head;
    this.gapHead = gapHead;
  }

  abstract void define(Graph.Builder g, int classes);

  /**
   * A net by its id.
   *
   * @throws IllegalArgumentException for an unknown one; the message lists the known ones
   */
  public static Network named(String id) {
    return Arrays.stream(values())
        .filter(net -> net.id().equals(id.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no net \"" + id + "\"; use resnet18, vgg16 or squeezenet1_0"));
  }

  /** As in torchvision: {@code resnet18}, {@code vgg16}, {@code squeezenet1_0}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The layer whose activations are explained if none is named. */
  public String defaultLayer() {
    return defaultLayer;
  }

  /** Name of the last layer's weight (classes, features …). */
  public String headWeight() {
    return head + ".weight";
  }

  /** Name of the last layer's bias (classes). */
  public String headBias() {
    return head + ".bias";
  }

  /** Whether {@link #defaultLayer} is followed only by a global average and one linear layer. */
  public boolean gapHead() {
    return gapHead;
  }

  /**
   * The net for an input size.
   *
   * @throws IllegalArgumentException if a side is not in 32 … 4096 or there is no class
   */
  public Graph graph(int height, int width, int classes) {
    if (Math.min(height, width) < SMALLEST_INPUT || Math.max(height, width) > LARGEST_INPUT) {
      throw new IllegalArgumentException(
          "the input size must be from 32x32 to 4096x4096, not " + height + "x" + width);
    }
    if (classes < 1) {
      throw new IllegalArgumentException("a net needs at least one class, not " + classes);
    }
    Graph.Builder g = Graph.builder(Shape.of(3, height, width));
    define(g, classes);
    return g.build();
  }

  /** Every parameter that a weight file of this net must hold, by name, in the net's order. */
  public Map<String, Shape> parameters(int classes) {
    Graph graph = graph(224, 224, classes);
    Map<String, Shape> parameters = new LinkedHashMap<>();
    for (Layer layer : graph.layers()) {
      if (layer instanceof Layer.Conv2d conv) {
        convolution(parameters, conv, graph.layers().get(conv.input()).output().dim(0));
      } else if (layer instanceof Layer.Linear linear) {
        int features = linear.output().dim(0);
        long inputs = graph.layers().get(linear.input()).output().elements();
        parameters.put(linear.weight(), Shape.of(features, Math.toIntExact(inputs)));
        parameters.put(linear.bias(), Shape.of(features));
      }
    }
    return parameters;
  }

  private static void convolution(
      Map<String, Shape> parameters, Layer.Conv2d conv, int inputChannels) {
    int channels = conv.output().dim(0);
    int kernel = conv.window().kernel();
    parameters.put(conv.weight(), Shape.of(channels, inputChannels, kernel, kernel));
    if (conv.bias() != null) {
      parameters.put(conv.bias(), Shape.of(channels));
    }
    if (conv.batchNorm() != null) {
      for (String part : new String[] {"weight", "bias", "running_mean", "running_var"}) {
        parameters.put(conv.batchNorm() + "." + part, Shape.of(channels));
      }
    }
  }
}
