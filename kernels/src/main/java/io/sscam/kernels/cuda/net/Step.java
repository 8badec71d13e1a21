package io.sscam.kernels.cuda.net;

/** One piece of a net's work, bound to its addresses. */
sealed interface Step
    permits ConvStep, MaxPoolStep, LinearStep, KernelStep, ConvGradientStep, LinearGradientStep {

  /** Queues the work; allocates nothing on the device and does not wait. */
  void enqueue();

  /** The layer and how it is computed, in one line. */
  String describe();
}
