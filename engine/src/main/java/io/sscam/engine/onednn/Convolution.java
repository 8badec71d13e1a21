package io.sscam.engine.onednn;

import io.sscam.engine.graph.Graph;
import io.sscam.engine.graph.Layer;

/**
 * A convolution's extents in oneDNN's terms.
 *
 * @param weightDims (Cout, Cin, kh, kw)
 * @param stride down and across
 * @param before padding at the top and the left
 * @param after padding at the bottom and the right, as far as the windows reach
 */
record Convolution(long[] weightDims, long[] stride, long[] before, long[] after) {

  static Convolution of(Graph graph, Layer.Conv2d conv) {
    long[] in = PlanMemory.dims(1, graph.layers().get(conv.input()).output());
    long[] out = PlanMemory.dims(1, conv.output());
    int kernel = conv.window().kernel();
    long stride = conv.window().stride();
    long padding = conv.window().padding();
    return new Convolution(
        new long[] {out[1], in[1], kernel, kernel},
        new long[] {stride, stride},
        new long[] {padding, padding},
        new long[] {
          Math.max(0, conv.window().paddingAfter((int) in[2], (int) out[2])),
          Math.max(0, conv.window().paddingAfter((int) in[3], (int) out[3]))
        });
  }
}
