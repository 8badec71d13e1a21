package io.sscam.engine.backend;

import java.util.Set;
import java.util.function.IntConsumer;

/**
 * An ordered queue of work on one device: memory, compiled nets and the operations of {@link
 * CamOperations}. Used by one thread at a time.
 */
public interface Session extends CamOperations, AutoCloseable {

  /** Opens a group of tensors that live and end together. */
  Arena arena(String name);

  /**
   * Compiles a net for at most {@code batch} pictures at once, keeping the outputs of the layers
   * named in {@code keep}.
   */
  Executable compile(Backend.Model model, int batch, Set<String> keep);

  /**
   * Compiles a net for one picture, with the backward pass from the logits to the output of a
   * layer.
   *
   * @param layer a label of the graph
   * @throws IllegalArgumentException if there is no such label, or it has no influence on the
   *     logits
   */
  Gradient differentiate(Backend.Model model, String layer);

  /**
   * Copies {@code source} to the tensor's first elements.
   *
   * @throws IllegalArgumentException if the tensor is smaller or not float32
   */
  void upload(float[] source, Tensor target);

  /** Copies integers to an I32 tensor's first elements. */
  void upload(int[] source, Tensor target);

  /** Copies the tensor's first elements to {@code target}, when all work before is done. */
  void download(Tensor source, float[] target);

  /** Copies the first elements of one float32 tensor to another. */
  void copy(Tensor source, Tensor target, int elements);

  /** Sets every element of a float32 tensor. */
  void fill(Tensor target, float value);

  /** Waits for all work before. */
  void synchronise();

  /**
   * Scores pairs of channel and sample: for each, {@link #perturbAndMask} into the net's input,
   * {@link Executable#run} and {@link #gatherScore}, with the same results. The device may use the
   * net's batch as it likes; what the input and the logits hold afterwards is undefined.
   *
   * @param net compiled in this session
   * @param scores (Q, P): all P pairs are scored
   * @param done told, on this thread, how many pairs are under way or done, from 0 on and rising;
   *     what it throws ends the scoring and is thrown again
   */
  default void scorePairs(Executable net, Pairs pairs, Tensor scores, IntConsumer done) {
    int total = scores.shape().dim(1);
    done.accept(0);
    for (int first = 0; first < total; first += net.batch()) {
      int count = Math.min(net.batch(), total - first);
      perturbAndMask(
          pairs.noise(),
          pairs.seed(),
          new Chunk(first, count, pairs.samples()),
          pairs.channels(),
          pairs.maps(),
          pairs.affine(),
          pairs.image(),
          net.input());
      net.run(count);
      gatherScore(net.logits(), count, pairs.classes(), pairs.score(), first, scores);
      done.accept(first + count);
    }
  }

  /**
   * Runs what queues work on this session, waits for it, and tells how long it took: by the
   * device's own clock where it has one, so that neither the first launch nor the wait for the last
   * counts.
   *
   * @return seconds
   */
  default double seconds(Runnable work) {
    synchronise();
    long began = System.nanoTime();
    work.run();
    synchronise();
    return (System.nanoTime() - began) * 1e-9;
  }

  @Override
  void close();
}
