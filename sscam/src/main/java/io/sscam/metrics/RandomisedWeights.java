package io.sscam.metrics;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.TensorSource;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import io.sscam.engine.noise.GaussianNoise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A net's weights with the layers next to the logits replaced by noise: the cascading model
 * randomisation of Adebayo et al., "Sanity Checks for Saliency Maps" (NeurIPS 2018, arXiv
 * 1810.03292). A map that stays the same does not depend on what those layers learned.
 *
 * <p>Every tensor of a replaced layer (weight, bias, and its batch norm's weight, bias and running
 * mean) becomes mean + deviation · z, with the mean and the standard deviation of its own elements;
 * one that is constant therefore stays as it is. A running variance is kept, since it must be
 * positive. The normals z depend on the seed, the layer's place in the graph and the tensor only,
 * so that with one more layer replaced, the others keep theirs.
 */
public final class RandomisedWeights implements TensorSource {
  private final TensorSource source;
  private final long seed;
  private final Map<String, Draw> replaced = new HashMap<>();

  /** Which normals replace a tensor: z(seed, layer, tensor, ·). */
  private record Draw(int layer, int tensor) {}

  /**
   * Replaces the weights of the last layers when they are read.
   *
   * @param source the trained weights
   * @param graph the net that reads them
   * @param count how many layers of {@link #fromTheTop} are replaced; 0 leaves all as they are
   * @throws IllegalArgumentException if the net does not have so many
   */
  public RandomisedWeights(TensorSource source, Graph graph, int count, long seed) {
    List<String> layers = fromTheTop(graph);
    if (count < 0 || count > layers.size()) {
      throw new IllegalArgumentException(
          "%d layers cannot be randomised: the net has 0 to %d with weights"
              .formatted(count, layers.size()));
    }
    this.source = source;
    this.seed = seed;
    Set<String> chosen = Set.copyOf(layers.subList(0, count));
    for (int place = 0; place < graph.layers().size(); place++) {
      Layer layer = graph.layers().get(place);
      if (chosen.contains(layer.name())) {
        List<String> tensors = tensors(layer);
        for (int tensor = 0; tensor < tensors.size(); tensor++) {
          replaced.put(tensors.get(tensor), new Draw(place, tensor));
        }
      }
    }
  }

  /** The names of a net's convolutions and linear layers, the last to run first. */
  public static List<String> fromTheTop(Graph graph) {
    List<String> names = new ArrayList<>();
    for (int place = graph.layers().size() - 1; place >= 0; place--) {
      if (!tensors(graph.layers().get(place)).isEmpty()) {
        names.add(graph.layers().get(place).name());
      }
    }
    return names;
  }

  /** What is replaced of a layer. */
  private static List<String> tensors(Layer layer) {
    if (layer instanceof Layer.Linear linear) {
      return List.of(linear.weight(), linear.bias());
    }
    List<String> names = new ArrayList<>();
    if (layer instanceof Layer.Conv2d conv) {
      names.add(conv.weight());
      if (conv.bias() != null) {
        names.add(conv.bias());
      }
      if (conv.batchNorm() != null) {
        names.add(conv.batchNorm() + ".weight");
        names.add(conv.batchNorm() + ".bias");
        names.add(conv.batchNorm() + ".running_mean");
      }
    }
    return names;
  }

  @Override
  public Set<String> names() {
    return source.names();
  }

  @Override
  public Shape shape(String name) {
    return source.shape(name);
  }

  @Override
  public HostTensor read(String name) {
    @Nullable Draw draw = replaced.get(name);
    return draw == null ? source.read(name) : normals(name, draw);
  }

  private HostTensor normals(String name, Draw draw) {
    // The trained elements are let go before room is made for those that replace them.
    Moments moments = Moments.of(source.read(name).data());
    HostTensor tensor = HostTensor.zeros(source.shape(name));
    float[] values = tensor.data();
    new GaussianNoise().fill(values, 0, values.length, seed, draw.layer, draw.tensor, 0);
    for (int e = 0; e < values.length; e++) {
      values[e] = (float) (moments.mean + moments.deviation * values[e]);
    }
    return tensor;
  }

  /** Mean and standard deviation (of the population, so that one element has 0). */
  private record Moments(double mean, double deviation) {
    static Moments of(float[] values) {
      double sum = 0;
      for (float value : values) {
        sum += value;
      }
      double mean = sum / values.length;
      double squares = 0;
      for (float value : values) {
        squares += (value - mean) * (value - mean);
      }
      return new Moments(mean, Math.sqrt(squares / values.length));
    }
  }
}
