package io.sscam.engine.backend;

import java.util.List;

/**
 * A net compiled for a batch: fixed buffers, no allocation when it runs. Confined to its session's
 * thread.
 */
public interface Executable extends AutoCloseable {

  /** The most pictures of one run. */
  int batch();

  /** The pictures (batch, C, H, W), to be written before a run. */
  Tensor input();

  /** The logits (batch, classes) of the last run. */
  Tensor logits();

  /**
   * The output (batch, K, h, w) of a layer that was asked for when compiling.
   *
   * @throws IllegalArgumentException if the label was not asked for
   */
  Tensor kept(String label);

  /**
   * Runs the net on the first {@code count} pictures.
   *
   * @throws IllegalArgumentException if count is not in 1 … batch
   */
  void run(int count);

  /**
   * Runs the net on what its input holds, or on as many pictures of it as the device computes at
   * once, and times every step by itself, in their order. Waits for the end. For figures only: the
   * steps together take longer than a run.
   */
  List<StepTime> profile();

  @Override
  void close();
}
