package io.sscam.engine.reference;

import io.sscam.engine.backend.DataType;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.StepTime;
import io.sscam.engine.backend.Tensor;
import io.sscam.engine.graph.Layer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Every value of the graph in a tensor of its own; the layers run one after the other. */
final class ReferenceExecutable implements Executable {
  private final ReferenceModel model;
  private final int batch;
  private final Set<String> keep;
  private final Lifetime lifetime;
  private final List<Tensor> values = new ArrayList<>();

  ReferenceExecutable(ReferenceModel model, int batch, Set<String> keep, AtomicLong live) {
    model.check();
    if (batch < 1) {
      throw new IllegalArgumentException("batch " + batch + " is not positive");
    }
    keep.forEach(model.graph()::value);
    this.model = model;
    this.batch = batch;
    this.keep = new HashSet<>(keep);
    this.lifetime = new Lifetime("the executable", live);
    for (Layer layer : model.graph().layers()) {
      values.add(
          new ReferenceTensor(
              layer.name(), DataType.F32, layer.output().withBatch(batch), lifetime));
    }
  }

  @Override
  public int batch() {
    return batch;
  }

  @Override
  public Tensor input() {
    return values.get(0);
  }

  @Override
  public Tensor logits() {
    return values.get(values.size() - 1);
  }

  @Override
  public Tensor kept(String label) {
    if (!keep.contains(label)) {
      throw new IllegalArgumentException("layer " + label + " was not kept, but " + keep);
    }
    return values.get(model.graph().value(label));
  }

  @Override
  public void run(int count) {
    check();
    if (count < 1 || count > batch) {
      throw new IllegalArgumentException(count + " pictures are not in 1 … " + batch);
    }
    for (int v = 1; v < values.size(); v++) {
      runLayer(v, count);
    }
  }

  @Override
  public List<StepTime> profile() {
    check();
    List<StepTime> times = new ArrayList<>();
    for (int v = 1; v < values.size(); v++) {
      long start = System.nanoTime();
      runLayer(v, batch);
      double seconds = (System.nanoTime() - start) * 1e-9;
      times.add(new StepTime(values.get(v).name() + ": plain sums", batch, seconds));
    }
    return times;
  }

  private void check() {
    lifetime.check("the executable");
    model.check();
  }

  private void runLayer(int value, int count) {
    float[] to = ReferenceTensor.floats(values.get(value));
    for (int n = 0; n < count; n++) {
      double[] result = compute(model.graph().layers().get(value), n);
      for (int e = 0; e < result.length; e++) {
        to[n * result.length + e] = (float) result[e];
      }
    }
  }

  private double[] compute(Layer layer, int n) {
    List<Layer> layers = model.graph().layers();
    ReferenceLayers run = new ReferenceLayers(model);
    int first = layer.inputs().get(0);
    double[] x = picture(first, n);
    if (layer instanceof Layer.Conv2d conv) {
      double[] residual = conv.residual() < 0 ? new double[0] : picture(conv.residual(), n);
      return run.conv(conv, x, layers.get(first).output(), residual);
    }
    if (layer instanceof Layer.MaxPool2d pool) {
      return run.maxPool(pool, x, layers.get(first).output());
    }
    if (layer instanceof Layer.AdaptiveAvgPool2d pool) {
      return run.averagePool(pool, x, layers.get(first).output());
    }
    if (layer instanceof Layer.Linear linear) {
      return run.linear(linear, x);
    }
    if (layer instanceof Layer.Concat concat) {
      return concat.inputs().stream()
          .flatMapToDouble(id -> Arrays.stream(picture(id, n)))
          .toArray();
    }
    throw new IllegalArgumentException("unknown layer " + layer);
  }

  /** Picture {@code n} of a value. */
  double[] picture(int value, int n) {
    float[] from = ReferenceTensor.floats(values.get(value));
    double[] picture = new double[from.length / batch];
    for (int e = 0; e < picture.length; e++) {
      picture[e] = from[n * picture.length + e];
    }
    return picture;
  }

  @Override
  public void close() {
    lifetime.close();
  }
}
