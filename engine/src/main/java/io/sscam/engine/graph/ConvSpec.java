package io.sscam.engine.graph;

import org.jspecify.annotations.Nullable;

/**
 * What a net's definition says of one convolution; the rest follows from its input.
 *
 * @param name the module; the weight is {@code name.weight}
 */
public record ConvSpec(
    String name,
    int channels,
    Window window,
    boolean bias,
    @Nullable String batchNorm,
    Graph.@Nullable Value residual,
    boolean relu) {

  /** A convolution with a bias, stride 1 and no padding. */
  public static ConvSpec of(String name, int channels, int kernel) {
    return new ConvSpec(name, channels, new Window(kernel, 1, 0), true, null, null, false);
  }

  public ConvSpec stride(int stride) {
    Window changed = new Window(window.kernel(), stride, window.padding());
    return new ConvSpec(name, channels, changed, bias, batchNorm, residual, relu);
  }

  public ConvSpec padding(int padding) {
    Window changed = new Window(window.kernel(), window.stride(), padding);
    return new ConvSpec(name, channels, changed, bias, batchNorm, residual, relu);
  }

  /** No bias but a batch norm of that prefix behind the convolution. */
  public ConvSpec batchNorm(String prefix) {
    return new ConvSpec(name, channels, window, false, prefix, residual, relu);
  }

  /** Adds a value of the same shape before the ReLU. */
  public ConvSpec plus(Graph.Value value) {
    return new ConvSpec(name, channels, window, bias, batchNorm, value, relu);
  }

  public ConvSpec withRelu() {
    return new ConvSpec(name, channels, window, bias, batchNorm, residual, true);
  }
}
