package io.sscam.bench.peers;

import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.TensorSource;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import io.sscam.engine.graph.LayerParameters;
import io.sscam.engine.graph.Window;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a net and its weights as an ONNX model (opset 13, any number of pictures), batch norms
 * folded exactly as our own backends fold them.
 *
 * <p>A protobuf message that occurs several times in a file is merged by its readers, so the graph
 * is written in pieces: no weight is ever held twice.
 */
final class OnnxWriter {
  private static final int IR_VERSION = 8;
  private static final int OPSET = 13;
  private static final int FLOAT = 1;
  private static final int ATTRIBUTE_INT = 2;
  private static final int ATTRIBUTE_INTS = 7;
  private static final int CHUNK = 1 << 16;

  /** Fields of ModelProto, GraphProto and NodeProto. */
  private static final int MODEL_GRAPH = 7;

  private static final int GRAPH_NODE = 1;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int GRAPH_INPUT = 11;
  private static final int GRAPH_OUTPUT = 12;
  private static final int NODE_ATTRIBUTE = 5;

  private final Graph graph;
  private final TensorSource weights;
  private final OutputStream out;

  /** The values' names, by number. */
  private final List<String> names = new ArrayList<>();

  private OnnxWriter(Graph graph, TensorSource weights, OutputStream out) {
    this.graph = graph;
    this.weights = weights;
    this.out = out;
  }

  static void write(Graph graph, TensorSource weights, Path file) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), CHUNK)) {
      new OnnxWriter(graph, weights, out).write();
    }
  }

  private void write() throws IOException {
    Protobuf opset = new Protobuf().text(1, "").number(2, OPSET);
    out.write(new Protobuf().number(1, IR_VERSION).message(8, opset).toByteArray());
    graphPart(new Protobuf().text(2, "net"));
    for (Layer layer : graph.layers()) {
      names.add(layer(layer));
    }
    Protobuf logits = value(names.get(names.size() - 1), graph.logits());
    graphPart(new Protobuf().message(GRAPH_OUTPUT, logits));
  }

  private String layer(Layer layer) throws IOException {
    String name = layer.name();
    if (layer instanceof Layer.Input input) {
      graphPart(new Protobuf().message(GRAPH_INPUT, value(name, input.output())));
      return name;
    }
    if (layer instanceof Layer.Conv2d conv) {
      return convolution(conv);
    }
    if (layer instanceof Layer.MaxPool2d pool) {
      Protobuf node = node("MaxPool", name, names.get(pool.input()));
      node.message(NODE_ATTRIBUTE, number("ceil_mode", pool.ceil() ? 1 : 0));
      return add(window(node, pool.window()), name);
    }
    if (layer instanceof Layer.AdaptiveAvgPool2d pool) {
      return average(pool);
    }
    if (layer instanceof Layer.Linear linear) {
      return linear(linear);
    }
    Protobuf join = node("Concat", name, inputs(layer).toArray(new String[0]));
    return add(join.message(NODE_ATTRIBUTE, number("axis", 1)), name);
  }

  private List<String> inputs(Layer layer) {
    return layer.inputs().stream().map(names::get).toList();
  }

  private String convolution(Layer.Conv2d conv) throws IOException {
    String name = conv.name();
    LayerParameters parameters = LayerParameters.bind(graph, conv, weights);
    initializer(name + ".w", parameters.weight());
    initializer(name + ".b", parameters.bias());
    Protobuf node = node("Conv", name, names.get(conv.input()), name + ".w", name + ".b");
    String last = add(window(node, conv.window()), name);
    if (conv.residual() >= 0) {
      String sum = name + ".sum";
      last = add(node("Add", sum, last, names.get(conv.residual())), sum);
    }
    return conv.relu() ? relu(name, last) : last;
  }

  private String relu(String name, String input) throws IOException {
    String output = name + ".relu";
    return add(node("Relu", output, input), output);
  }

  private String linear(Layer.Linear linear) throws IOException {
    String name = linear.name();
    String input = names.get(linear.input());
    if (graph.layers().get(linear.input()).output().rank() != 1) {
      input = flatten(name, input);
    }
    LayerParameters parameters = LayerParameters.bind(graph, linear, weights);
    initializer(name + ".w", parameters.weight());
    initializer(name + ".b", parameters.bias());
    Protobuf node = node("Gemm", name, input, name + ".w", name + ".b");
    add(node.message(NODE_ATTRIBUTE, number("transB", 1)), name);
    return linear.relu() ? relu(name, name) : name;
  }

  private String flatten(String name, String input) throws IOException {
    String output = name + ".flat";
    return add(node("Flatten", output, input), output);
  }

  private String average(Layer.AdaptiveAvgPool2d pool) throws IOException {
    String name = pool.name();
    String input = names.get(pool.input());
    Shape from = graph.layers().get(pool.input()).output();
    if (pool.output().rank() == 1) {
      return flatten(name, add(node("GlobalAveragePool", name, input), name));
    }
    int cell = from.dim(1) / pool.output().dim(1);
    if (!from.equals(
        Shape.of(from.dim(0), cell * pool.output().dim(1), cell * pool.output().dim(2)))) {
      throw new IllegalArgumentException("ONNX has no uneven pooling from " + from);
    }
    return cell == 1
        ? input
        : add(window(node("AveragePool", name, input), new Window(cell, cell, 0)), name);
  }

  private static Protobuf node(String type, String output, String... inputs) {
    Protobuf node = new Protobuf();
    for (String input : inputs) {
      node.text(1, input);
    }
    return node.text(2, output).text(3, output).text(4, type);
  }

  private static Protobuf number(String name, int value) {
    return new Protobuf().text(1, name).number(3, value).number(20, ATTRIBUTE_INT);
  }

  private static Protobuf numbers(String name, int... values) {
    return new Protobuf().text(1, name).numbers(8, values).number(20, ATTRIBUTE_INTS);
  }

  private static Protobuf window(Protobuf node, Window window) {
    int kernel = window.kernel();
    int stride = window.stride();
    int padding = window.padding();
    return node.message(NODE_ATTRIBUTE, numbers("kernel_shape", kernel, kernel))
        .message(NODE_ATTRIBUTE, numbers("strides", stride, stride))
        .message(NODE_ATTRIBUTE, numbers("pads", padding, padding, padding, padding));
  }

  private static Protobuf value(String name, Shape shape) {
    Protobuf dims = new Protobuf().message(1, new Protobuf().text(2, "batch"));
    for (int dim : shape.toArray()) {
      dims.message(1, new Protobuf().number(1, dim));
    }
    Protobuf tensor = new Protobuf().number(1, FLOAT).message(2, dims);
    return new Protobuf().text(1, name).message(2, new Protobuf().message(1, tensor));
  }

  private String add(Protobuf node, String output) throws IOException {
    graphPart(new Protobuf().message(GRAPH_NODE, node));
    return output;
  }

  private void graphPart(Protobuf part) throws IOException {
    out.write(new Protobuf().message(MODEL_GRAPH, part).toByteArray());
  }

  private void initializer(String name, HostTensor tensor) throws IOException {
    long bytes = (long) tensor.data().length * Float.BYTES;
    Protobuf fields = new Protobuf().numbers(1, tensor.shape().toArray()).number(2, FLOAT);
    byte[] head = fields.text(8, name).head(9, bytes).toByteArray();
    byte[] outer = new Protobuf().head(GRAPH_INITIALIZER, head.length + bytes).toByteArray();
    long total = outer.length + head.length + bytes;
    out.write(new Protobuf().head(MODEL_GRAPH, total).toByteArray());
    out.write(outer);
    out.write(head);
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (float element : tensor.data()) {
      if (!chunk.hasRemaining()) {
        out.write(chunk.array());
        chunk.clear();
      }
      chunk.putFloat(element);
    }
    out.write(chunk.array(), 0, chunk.position());
  }
}
