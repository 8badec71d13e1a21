package io.sscam.kernels.cuda.net;

/**
 * A fully connected layer: cuBLAS, then bias and ReLU.
 *
 * @param name the layer
 * @param product x (n, k) by wᵀ (k, m)
 */
record LinearStep(
    String name,
    CublasHandle.Product product,
    boolean relu,
    long x,
    long y,
    DeviceWeights.LayerWeights weights,
    NetTools tools,
    Workspace workspace)
    implements Step {

  /** What NVIDIA recommends for cuBLAS, by generation of the hardware. */
  static long workspaceBytes(int computeCapability) {
    return computeCapability >= 90 ? 32L << 20 : 4L << 20;
  }

  @Override
  public void enqueue() {
    long scratch = workspace.address();
    tools.cublas().multiply(product, x, weights.weight(), y, scratch, workspace.bytes());
    tools.kernels().biasReluRows(product.half(), y, weights.bias(), product.n(), product.m(), relu);
  }

  @Override
  public String describe() {
    return name
        + ": cuBLAS "
        + product.n()
        + "×"
        + product.k()
        + "×"
        + product.m()
        + (product.half() ? " to f16" : " to f32")
        + ", then bias_relu_rows";
  }
}
