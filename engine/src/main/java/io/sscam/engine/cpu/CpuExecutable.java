package io.sscam.engine.cpu;

import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.StepTime;
import io.sscam.engine.backend.Tensor;
import io.sscam.engine.graph.Graph;
import io.sscam.engine.onednn.PackedWeights;
import io.sscam.engine.onednn.PlanSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/** A net for a batch: in pieces, each on one worker, or one picture on all threads. */
final class CpuExecutable implements Executable {
  private final NetTensors tensors;
  private final NetRunner runner;

  CpuExecutable(
      WorkerPool pool, PackedWeights weights, int batch, Set<String> keep, AtomicLong liveBytes) {
    Graph graph = weights.graph();
    Map<String, Integer> values =
        keep.stream().collect(Collectors.toMap(label -> label, graph::value));
    this.tensors = new NetTensors("executable", batch, liveBytes);
    try {
      tensors.add(PlanSpec.INPUT, "input", graph.input());
      tensors.add(PlanSpec.LOGITS, "logits", graph.logits());
      for (String label : keep) {
        tensors.add(label, label, graph.shape(label));
      }
      runner =
          batch == 1
              ? new SinglePicture(pool, weights, values, tensors, liveBytes)
              : new Pieces(pool, weights, values, tensors, liveBytes);
    } catch (RuntimeException e) {
      tensors.close();
      throw e;
    }
  }

  @Override
  public int batch() {
    return tensors.batch();
  }

  @Override
  public CpuTensor input() {
    return tensors.get(PlanSpec.INPUT);
  }

  @Override
  public CpuTensor logits() {
    return tensors.get(PlanSpec.LOGITS);
  }

  @Override
  public Tensor kept(String label) {
    return tensors.get(label);
  }

  @Override
  public void run(int count) {
    if (count < 1 || count > batch()) {
      throw new IllegalArgumentException("cannot run " + count + " of " + batch() + " pictures");
    }
    tensors.check();
    runner.run(count);
  }

  /** Runs the net on any number of pictures; see {@link NetRunner#stream}. */
  void stream(int count, NetRunner.Feed feed, IntConsumer done) {
    tensors.check();
    runner.stream(count, feed, done);
  }

  @Override
  public List<StepTime> profile() {
    tensors.check();
    return runner.profile();
  }

  @Override
  public void close() {
    runner.close();
    tensors.close();
  }
}
