package io.sscam.kernels.cuda;

import io.sscam.engine.Shape;
import io.sscam.engine.backend.DataType;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.StepTime;
import io.sscam.engine.backend.Tensor;
import io.sscam.engine.graph.Graph;
import io.sscam.kernels.cuda.net.CudaNet;
import io.sscam.kernels.cuda.op.Layout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A compiled net in the contract's terms. */
final class CudaExecutable implements Executable, CudaTensor.Owner {
  private final CudaNet net;
  private final Tensor input;
  private final Tensor logits;
  private final Map<String, Tensor> kept = new HashMap<>();
  private boolean closed;

  CudaExecutable(CudaNet net, Graph graph, Set<String> keep) {
    this.net = net;
    this.input = tensor("input", graph.input(), net.inputAddress(), net.inputLayout());
    this.logits = plain("logits", graph.logits(), net.logitsAddress());
    for (String label : keep) {
      kept.put(label, plain(label, graph.shape(label), net.keptAddress(graph.value(label))));
    }
  }

  private Tensor plain(String name, Shape shape, long address) {
    return tensor(name, shape, address, Layout.NCHW_F32);
  }

  private Tensor tensor(String name, Shape shape, long address, Layout layout) {
    return new CudaTensor(name, shape.withBatch(net.batch()), DataType.F32, address, this, layout);
  }

  @Override
  public int batch() {
    return net.batch();
  }

  @Override
  public Tensor input() {
    return input;
  }

  @Override
  public Tensor logits() {
    return logits;
  }

  @Override
  public Tensor kept(String label) {
    Tensor tensor = kept.get(label);
    if (tensor == null) {
      throw new IllegalArgumentException("layer \"" + label + "\" was not asked to be kept");
    }
    return tensor;
  }

  @Override
  public void run(int count) {
    net.run(count);
  }

  @Override
  public List<StepTime> profile() {
    return net.profile();
  }

  /** How each step is computed, a line each. */
  List<String> description() {
    return net.describe();
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    net.close();
  }
}
