package io.sscam.nets;

import io.sscam.engine.Shape;
import io.sscam.engine.TensorSource;
import io.sscam.engine.graph.Graph;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A net of torchvision: its forward pass as a graph, with torchvision's names for the parameters
 * and for the blocks that may be looked at.
 */
public sealed interface Network permits ResNet18, Vgg16, SqueezeNet1_0 {

  /** All nets. */
  static List<Network> all() {
    return List.of(new ResNet18(), new Vgg16(), new SqueezeNet1_0());
  }

  /**
   * The net of that id.
   *
   * @throws IllegalArgumentException if there is none; the message lists all
   */
  static Network named(String id) {
    return all().stream()
        .filter(net -> net.id().equals(id))
        .findAny()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no net \""
                        + id
                        + "\"; there are: "
                        + all().stream().map(Network::id).collect(Collectors.joining(", "))));
  }

  /** The name of torchvision's function, such as {@code resnet18}. */
  String id();

  /**
   * The forward pass on pictures 3×height×width.
   *
   * @throws IllegalArgumentException if a side is under {@link #minimumSize()} or there is no class
   */
  Graph graph(int height, int width, int classes);

  /** The label of the layer that is explained if the user names none. */
  String defaultLayer();

  /** The name of the last layer's weight; its first extent is the number of classes. */
  String headWeight();

  /** The name of the last layer's bias (classes). */
  String headBias();

  /**
   * Whether the logits are means over the last maps, weighted by the rows of the head's weight
   * (classes, K) or (classes, K, 1, 1): what CAM needs.
   */
  boolean gapHead();

  /** The least height and width of a picture. */
  default int minimumSize() {
    return 32;
  }

  /**
   * The names and shapes of all parameters of a state_dict, running statistics included and {@code
   * num_batches_tracked} left out, in the order in which the graph uses them.
   */
  default Map<String, Shape> parameters(int classes) {
    return Parameters.of(graph(minimumSize(), minimumSize(), classes));
  }

  /**
   * The number of classes of some weights, by the shape of the last layer's; ImageNet's 1000 where
   * that tells none, so that a comparison with the net can name what does not fit.
   */
  default int classes(TensorSource weights) {
    Shape head = weights.names().contains(headWeight()) ? weights.shape(headWeight()) : Shape.of();
    return head.rank() > 0 && head.dim(0) > 0 ? head.dim(0) : 1000;
  }

  /** The start of every net's graph. */
  default Graph.Builder picture(int height, int width, int classes) {
    if (height < minimumSize() || width < minimumSize()) {
      throw new IllegalArgumentException(
          "%s needs pictures of at least %d×%d, not %d×%d (height × width)"
              .formatted(id(), minimumSize(), minimumSize(), height, width));
    }
    if (classes < 1) {
      throw new IllegalArgumentException(id() + " with " + classes + " classes");
    }
    return Graph.builder(Shape.of(3, height, width));
  }
}
