package io.sscam.engine.reference;

import io.sscam.engine.backend.DataType;
import io.sscam.engine.backend.Gradient;
import io.sscam.engine.backend.StepTime;
import io.sscam.engine.backend.Tensor;
import io.sscam.engine.graph.BackwardPass;
import io.sscam.engine.graph.Graph;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** The forward pass of {@link ReferenceExecutable}, then the backward pass in double. */
final class ReferenceGradient implements Gradient {
  private final ReferenceModel model;
  private final String layer;
  private final ReferenceExecutable net;
  private final Lifetime lifetime;
  private final ReferenceTensor gradient;

  ReferenceGradient(ReferenceModel model, String layer, AtomicLong live) {
    this.model = model;
    this.layer = layer;
    Graph graph = model.graph();
    int start = graph.value(layer);
    BackwardPass.requireInfluence(graph, start);
    this.net = new ReferenceExecutable(model, 1, Set.of(layer), live);
    this.lifetime = new Lifetime("the gradient", live);
    this.gradient =
        new ReferenceTensor("gradient", DataType.F32, graph.shape(layer).withBatch(1), lifetime);
  }

  @Override
  public Tensor input() {
    return net.input();
  }

  @Override
  public Tensor logits() {
    return net.logits();
  }

  @Override
  public Tensor kept(String label) {
    return net.kept(label);
  }

  @Override
  public int batch() {
    return 1;
  }

  @Override
  public Tensor gradient() {
    return gradient;
  }

  @Override
  public void run(int count) {
    net.run(count);
  }

  @Override
  public List<StepTime> profile() {
    return net.profile();
  }

  @Override
  public void backward(int classIndex) {
    lifetime.check("the gradient");
    model.check();
    double[] seed = new double[model.graph().logits().elementsAsInt()];
    if (classIndex < 0 || classIndex >= seed.length) {
      throw new IllegalArgumentException(
          "there is no class " + classIndex + " among " + seed.length);
    }
    seed[classIndex] = 1;
    ReferenceGradientSteps steps =
        new ReferenceGradientSteps(model, value -> net.picture(value, 0));
    double[] result = BackwardPass.run(model.graph(), model.graph().value(layer), seed, steps);
    float[] to = ReferenceTensor.floats(gradient);
    for (int e = 0; e < to.length; e++) {
      to[e] = (float) result[e];
    }
  }

  @Override
  public void close() {
    lifetime.close();
    net.close();
  }
}
