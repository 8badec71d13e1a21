package io.sscam.engine.graph;

import io.sscam.engine.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a net. A layer's output is a value, named by the layer's position in {@link
 * Graph#layers()}; its inputs are values of earlier layers. All shapes are those of one picture (C
 * H W, or C for a vector); the batch is added when a graph is compiled.
 */
public sealed interface Layer {

  /** The name of the module that it stands for, as in torchvision; unique in the graph. */
  String name();

  /** The values it reads. */
  List<Integer> inputs();

  /** The shape of its output, without the batch. */
  Shape output();

  /** The picture. */
  record Input(String name, Shape output) implements Layer {
    @Override
    public List<Integer> inputs() {
      return List.of();
    }
  }

  /**
   * A convolution with everything that can be fused into it: y = relu(batchNorm(w ∗ x + b) +
   * residual).
   *
   * @param weight name of the parameter (Cout, Cin, kh, kw)
   * @param bias name of the parameter (Cout), or null
   * @param batchNorm prefix of the four parameters of a batch norm (Cout each), folded when the
   *     weights are bound, or null
   * @param residual the value added before the ReLU, or −1
   */
  record Conv2d(
      String name,
      int input,
      String weight,
      @Nullable String bias,
      @Nullable String batchNorm,
      Window window,
      int residual,
      boolean relu,
      Shape output)
      implements Layer {
    @Override
    public List<Integer> inputs() {
      return residual < 0 ? List.of(input) : List.of(input, residual);
    }
  }

  /** A maximum over windows; with {@code ceil} the last window may hang over the edge. */
  record MaxPool2d(String name, int input, Window window, boolean ceil, Shape output)
      implements Layer {
    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }
  }

  /**
   * A mean over a grid of h×w cells: output (i, j) averages rows ⌊i·H/h⌋ to ⌈(i+1)·H/h⌉ − 1 and the
   * columns likewise. A 1×1 grid is the global average pool.
   */
  record AdaptiveAvgPool2d(String name, int input, Shape output) implements Layer {
    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }
  }

  /**
   * A fully connected layer on the flattened input: y = relu(W x + b).
   *
   * @param weight name of the parameter (out, in)
   * @param bias name of the parameter (out)
   */
  record Linear(String name, int input, String weight, String bias, boolean relu, Shape output)
      implements Layer {
    @Override
    public List<Integer> inputs() {
      return List.of(input);
    }
  }

  /** The inputs' channels one after the other. */
  record Concat(String name, List<Integer> inputs, Shape output) implements Layer {}
}
