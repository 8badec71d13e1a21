package io.sscam.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;

import io.sscam.engine.Shape;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import io.sscam.engine.onednn.PlanMemory.Operand;
import java.util.List;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.stream;

/**
 * Plans 1×1 convolutions as one product of pixels and weights. Unlike oneDNN's convolutions it
 * writes straight into a slice of a joined value.
 */
final class PointwiseLayers {
  private final Graph graph;
  private final PackedWeights weights;
  private final int pictures;
  private final PlanMemory plan;
  private final stream stream;
  private final engine engine = OnednnLibrary.engine();

  PointwiseLayers(
      Graph graph, PackedWeights weights, int pictures, PlanMemory plan, stream stream) {
    this.graph = graph;
    this.weights = weights;
    this.pictures = pictures;
    this.plan = plan;
    this.stream = stream;
  }

  /** Whether each output pixel is a sum over the channels of its input pixel alone. */
  static boolean suits(Layer.Conv2d conv) {
    return conv.window().kernel() == 1
        && conv.window().stride() == 1
        && conv.window().padding() == 0
        && conv.residual() < 0;
  }

  /**
   * Plans a convolution.
   *
   * @param from its input, channels last
   * @param to a slice for its output, channels last
   * @param attributes what is done to each sum
   */
  void conv(int id, Layer.Conv2d conv, Operand from, Operand to, primitive_attr attributes) {
    Shape out = conv.output();
    long inputs = graph.layers().get(conv.input()).output().dim(0);
    long outputs = out.dim(0);
    long pixels = (long) pictures * out.dim(1) * out.dim(2);
    long step = to.desc().get_strides().get(3); // from pixel to pixel, other parts between
    memory.desc target = rows(to, pixels, outputs, step);
    matmul.primitive_desc pd =
        new matmul.primitive_desc(
            engine,
            rows(from, pixels, inputs, inputs),
            plan.desc(new long[] {inputs, outputs}, memory.format_tag.any),
            PlanMemory.floats(new long[] {1, outputs}, memory.format_tag.ab),
            target,
            attributes,
            false);
    memory.desc plain = PlanMemory.floats(new long[] {inputs, outputs}, memory.format_tag.ba);
    PackedWeights.LayerWeights packed =
        weights.get(id, plain, pd.weights_desc(), pd.bias_desc(), stream);
    matmul primitive = new matmul(pd);
    plan.step(
        conv.name() + ": conv as product, " + pd.impl_info_str().getString(),
        List.of(from, to),
        () -> {
          long start =
              PlanMemory.offset(to)
                  + to.desc().get_submemory_offset() * PlanMemory.bytes(to.desc());
          IntMemoryMap arguments = new IntMemoryMap();
          arguments.put(
              DNNL_ARG_SRC,
              new memory(pd.src_desc(), engine, plan.block().at(PlanMemory.offset(from))));
          arguments.put(DNNL_ARG_DST, new memory(target, engine, plan.block().at(start)));
          arguments.put(PlanMemory.ARG_WEIGHTS, packed.weight());
          arguments.put(PlanMemory.ARG_BIAS, packed.bias());
          return run -> primitive.execute(run, arguments);
        });
  }

  /** Pixels of a value, each a row of channels. */
  private static memory.desc rows(Operand value, long count, long length, long step) {
    return new memory.desc(
        new long[] {count, length}, PlanMemory.type(value.desc()), new long[] {step, 1});
  }
}
