package io.sscam;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.TensorSource;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import io.sscam.engine.noise.GaussianNoise;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * Weights of which those of the last layers are replaced by chance, for the model randomisation
 * test (Adebayo et al., arXiv 1810.03292, cascading): each parameter by normals of its own mean and
 * standard deviation. Variances of batch norms stay, for they must be positive.
 */
final class RandomisedWeights implements TensorSource {
  private final TensorSource source;
  private final Set<String> replaced;
  private final long seed;

  /**
   * Replaces some weights.
   *
   * @param layers how many convolutions and fully connected layers, from the end of the net
   */
  RandomisedWeights(TensorSource source, Graph graph, int layers, long seed) {
    List<Layer> weighted = weighted(graph);
    if (layers < 0 || layers > weighted.size()) {
      throw new IllegalArgumentException(
          "of %d layers with weights, %d cannot be randomised".formatted(weighted.size(), layers));
    }
    this.source = source;
    this.seed = seed;
    this.replaced = new HashSet<>();
    weighted.subList(weighted.size() - layers, weighted.size()).forEach(this::replace);
  }

  /** The layers with weights, in the order of the net. */
  static List<Layer> weighted(Graph graph) {
    List<Layer> weighted = new ArrayList<>();
    for (Layer layer : graph.layers()) {
      if (layer instanceof Layer.Conv2d || layer instanceof Layer.Linear) {
        weighted.add(layer);
      }
    }
    return weighted;
  }

  private void replace(Layer layer) {
    if (layer instanceof Layer.Linear linear) {
      replaced.add(linear.weight());
      replaced.add(linear.bias());
    } else if (layer instanceof Layer.Conv2d conv) {
      replaced.add(conv.weight());
      if (conv.bias() != null) {
        replaced.add(conv.bias());
      }
      if (conv.batchNorm() != null) {
        for (String part : List.of(".weight", ".bias", ".running_mean")) {
          replaced.add(conv.batchNorm() + part);
        }
      }
    }
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
    HostTensor tensor = source.read(name);
    if (!replaced.contains(name)) {
      return tensor;
    }
    float[] values = tensor.data();
    double mean = 0;
    for (float value : values) {
      mean += (double) value / values.length;
    }
    double variance = 0;
    for (float value : values) {
      variance += (value - mean) * (value - mean) / values.length;
    }
    float[] normals = new float[values.length];
    CRC32 stream = new CRC32(); // a stream of its own for every parameter
    stream.update(name.getBytes(StandardCharsets.UTF_8));
    new GaussianNoise().fill(normals, 0, normals.length, seed, (int) stream.getValue(), 0, 0);
    for (int e = 0; e < normals.length; e++) {
      normals[e] = (float) (mean + Math.sqrt(variance) * normals[e]);
    }
    return new HostTensor(tensor.shape(), normals);
  }
}
