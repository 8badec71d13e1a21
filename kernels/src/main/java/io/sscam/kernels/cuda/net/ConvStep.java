package io.sscam.kernels.cuda.net;

/** A convolution in the way that was chosen for it. */
record ConvStep(ConvCall call, ConvTuner.Chosen chosen, Workspace workspace) implements Step {

  /** Tries the ways and takes the fastest. */
  static ConvStep tune(ConvCall call, NetTools tools, Workspace workspace) {
    ConvTuner.Chosen chosen = new ConvTuner(tools, workspace).choose(call);
    workspace.need(call.scratchBytes(chosen.way().direct()) + chosen.bytes());
    return new ConvStep(call, chosen, workspace);
  }

  @Override
  public void enqueue() {
    int status = call.enqueue(chosen.way(), workspace.address(), chosen.bytes());
    CudnnHandle.check(status, "cudnnConvolutionForward", describe());
  }

  @Override
  public String describe() {
    ConvWay way = chosen.way();
    return "%s: cuDNN algorithm %d%s%s%s, workspace %,d (%s)"
        .formatted(
            call.layer().name(),
            way.algorithm(),
            way.fused() ? ", fused" : ", then bias_residual_relu",
            way.direct() ? "" : ", then copied into the concat",
            way.defaultMath() ? ", without tensor cores" : "",
            chosen.bytes(),
            chosen.why());
  }
}
