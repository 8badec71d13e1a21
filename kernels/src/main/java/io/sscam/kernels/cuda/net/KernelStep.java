package io.sscam.kernels.cuda.net;

/**
 * One launch of a kernel of ours, or a copy.
 *
 * @param describe the layer and the kernel
 */
record KernelStep(String describe, Runnable launch) implements Step {
  @Override
  public void enqueue() {
    launch.run();
  }
}
