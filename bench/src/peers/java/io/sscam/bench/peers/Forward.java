package io.sscam.bench.peers;

/** One engine with one net at one batch and a fixed input. */
interface Forward extends AutoCloseable {

  /** One forward pass of the whole batch. */
  void run();

  /** The logits (batch, classes) of a forward pass. */
  float[] logits();

  @Override
  void close();
}
