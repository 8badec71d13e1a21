package io.sscam.kernels.cuda.net;

import io.sscam.engine.backend.Precision;

/**
 * The gradient by the input of a fully connected layer: Wᵀ times the gradient by its output, by
 * cuBLAS.
 *
 * @param name the layer
 * @param outputs rows of W
 * @param inputs columns of W
 * @param precision of the products: FP32, or TF32
 * @param weight W, float32
 * @param gradient by the output
 * @param result by the input
 */
record LinearGradientStep(
    String name,
    int outputs,
    int inputs,
    Precision precision,
    long weight,
    long gradient,
    long result,
    NetTools tools,
    Workspace workspace)
    implements Step {

  @Override
  public void enqueue() {
    long scratch = workspace.address();
    tools
        .cublas()
        .combineRows(
            outputs, inputs, precision, gradient, weight, result, scratch, workspace.bytes());
  }

  @Override
  public String describe() {
    return name + ": gradient by cuBLAS, " + outputs + " rows of " + inputs;
  }
}
