package io.sscam.engine.backend;

/**
 * A net compiled for one picture that can also go back: after a {@link #run}, it differentiates the
 * logit of a class by the output of one layer, the only one that is kept. The backward pass
 * computes in float32 whatever the precision of the forward pass, and allocates nothing.
 */
public interface Gradient extends Executable {

  /** ∂ logit / ∂ layer (1, K, h, w) of the last {@link #backward}. */
  Tensor gradient();

  /**
   * Differentiates the logit of a class at the picture of the last {@link #run}.
   *
   * @throws IllegalArgumentException if there is no such class
   */
  void backward(int classIndex);
}
