package io.sscam.nets;

import io.sscam.engine.Shape;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a graph's layers read from a state_dict. */
final class Parameters {
  private static final List<String> BATCH_NORM =
      List.of("weight", "bias", "running_mean", "running_var");

  private Parameters() {}

  /** Names and shapes, layer by layer. */
  static Map<String, Shape> of(Graph graph) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (Layer layer : graph.layers()) {
      if (layer instanceof Layer.Conv2d conv) {
        addConv(conv, graph.layers().get(conv.input()).output().dim(0), shapes);
      } else if (layer instanceof Layer.Linear linear) {
        int inputs = graph.layers().get(linear.input()).output().elementsAsInt();
        shapes.put(linear.weight(), Shape.of(linear.output().dim(0), inputs));
        shapes.put(linear.bias(), linear.output());
      }
    }
    return shapes;
  }

  private static void addConv(Layer.Conv2d conv, int inputs, Map<String, Shape> shapes) {
    int kernel = conv.window().kernel();
    int outputs = conv.output().dim(0);
    shapes.put(conv.weight(), Shape.of(outputs, inputs, kernel, kernel));
    if (conv.bias() != null) {
      shapes.put(conv.bias(), Shape.of(outputs));
    }
    if (conv.batchNorm() != null) {
      for (String part : BATCH_NORM) {
        shapes.put(conv.batchNorm() + "." + part, Shape.of(outputs));
      }
    }
  }
}
