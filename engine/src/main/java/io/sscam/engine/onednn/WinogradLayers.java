package io.sscam.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;

import io.sscam.engine.Shape;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;
import io.sscam.engine.onednn.PlanMemory.Operand;
import io.sscam.engine.onednn.WinogradConvolution.Finish;
import io.sscam.engine.onednn.WinogradConvolution.Matrices;
import io.sscam.engine.onednn.WinogradConvolution.Tiling;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.stream;
import org.jspecify.annotations.Nullable;

/** Plans convolutions by {@link Winograd}: their matrices, their products, their place. */
final class WinogradLayers {
  /** Elements of the matrices multiplied at once: what the second-level cache holds, about. */
  private static final int ELEMENTS = 1 << 18;

  /** Tiles multiplied at once, at least: each reads all the filters, which no cache holds. */
  private static final int FEWEST_TILES = 64;

  private final Graph graph;
  private final PackedWeights weights;
  private final int pictures;
  private final PlanMemory plan;
  private final stream stream;
  private final engine engine = OnednnLibrary.engine();

  WinogradLayers(Graph graph, PackedWeights weights, int pictures, PlanMemory plan, stream stream) {
    this.graph = graph;
    this.weights = weights;
    this.pictures = pictures;
    this.plan = plan;
    this.stream = stream;
  }

  /**
   * Plans a convolution.
   *
   * @param from its input, channels last
   * @param residual the value added, channels last, or null
   * @param to its output, channels last, perhaps a slice; may be the residual
   */
  void conv(int id, Layer.Conv2d conv, Operand from, @Nullable Operand residual, Operand to) {
    Shape in = graph.layers().get(conv.input()).output();
    Shape out = conv.output();
    Tiling tiling = tiling(conv, in.dim(0), out);
    matmul.primitive_desc pd =
        new matmul.primitive_desc(
            engine,
            matrices(tiling.tiles(), in.dim(0)),
            PlanMemory.floats(filters(in, out), memory.format_tag.any),
            matrices(tiling.tiles(), out.dim(0)),
            new primitive_attr(),
            false);
    Operand inputs = plan.allocate(pd.src_desc());
    Operand products = plan.allocate(pd.dst_desc());
    memory.desc plain = PlanMemory.floats(filters(in, out), memory.format_tag.abc);
    PackedWeights.WinogradWeights packed = weights.winograd(id, plain, pd.weights_desc(), stream);
    matmul primitive = new matmul(pd);
    List<Operand> operands = new ArrayList<>(List.of(from, inputs, products, to));
    if (residual != null) {
      operands.add(residual);
    }
    plan.step(
        conv.name() + ": conv winograd, " + pd.impl_info_str().getString(),
        operands,
        () -> {
          NativeBuffer block = plan.block();
          IntMemoryMap arguments = new IntMemoryMap();
          arguments.put(DNNL_ARG_SRC, plan.bind(inputs));
          arguments.put(DNNL_ARG_DST, plan.bind(products));
          arguments.put(PlanMemory.ARG_WEIGHTS, packed.filters());
          return new WinogradConvolution(
              tiling,
              List.of(in.dim(1), in.dim(2)),
              List.of(out.dim(1), out.dim(2)),
              ChannelsLast.of(from, block),
              ChannelsLast.of(to, block),
              placed(inputs, block, tiling, in.dim(0)),
              placed(products, block, tiling, out.dim(0)),
              run -> primitive.execute(run, arguments),
              new Finish(
                  repeated(packed.bias(), tiling.across()),
                  residual == null ? null : ChannelsLast.of(residual, block),
                  conv.relu()),
              plan.winogradScratch());
        });
  }

  private Tiling tiling(Layer.Conv2d conv, int inputs, Shape out) {
    int down = Winograd.tiles(out.dim(1));
    int across = Winograd.tiles(out.dim(2));
    int perTile = Winograd.PRODUCTS * (inputs + out.dim(0));
    int wanted = Math.max(FEWEST_TILES, ELEMENTS / perTile);
    int rows = pictures * down;
    int turns = Math.max(1, rows * across / wanted);
    int together = (rows + turns - 1) / turns;
    return new Tiling(pictures, down, across, together, conv.window().padding());
  }

  private static long[] filters(Shape in, Shape out) {
    return new long[] {Winograd.PRODUCTS, in.dim(0), out.dim(0)};
  }

  private static memory.desc matrices(int tiles, int channels) {
    return PlanMemory.floats(
        new long[] {Winograd.PRODUCTS, tiles, channels}, memory.format_tag.abc);
  }

  private static Matrices placed(Operand operand, NativeBuffer block, Tiling tiling, int channels) {
    int start = Math.toIntExact(PlanMemory.offset(operand) / Float.BYTES);
    return new Matrices(block.floats(), start, tiling.tiles(), channels);
  }

  private static float[] repeated(float[] bias, int times) {
    float[] row = new float[bias.length * times];
    for (int t = 0; t < times; t++) {
      System.arraycopy(bias, 0, row, t * bias.length, bias.length);
    }
    return row;
  }
}
