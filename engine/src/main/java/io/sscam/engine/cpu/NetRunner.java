package io.sscam.engine.cpu;

import io.sscam.engine.backend.StepTime;
import java.util.List;
import java.util.function.IntConsumer;

/** How a net's pictures are spread over the threads. */
interface NetRunner extends AutoCloseable {

  /** Where the pictures of a stream come from and where their logits go, on a worker's thread. */
  interface Feed {
    /**
     * Writes some pictures of the stream to the input.
     *
     * @param first the first of them, in the stream
     * @param place where it belongs, in the batch
     */
    void write(int worker, int first, int count, int place);

    /** Reads the logits of the pictures that were written there. */
    void read(int first, int count, int place);
  }

  /** Runs the net on the first pictures of its batch. */
  void run(int count);

  /**
   * Runs the net on any number of pictures, each worker on those that it takes, in a part of the
   * batch of its own: none waits for another before all are done.
   *
   * @param done told, on the calling thread, how many more are done; what it throws stops the rest
   *     and is thrown again
   */
  void stream(int count, Feed feed, IntConsumer done);

  /** Runs the net once and times each step. */
  List<StepTime> profile();

  @Override
  void close();
}
