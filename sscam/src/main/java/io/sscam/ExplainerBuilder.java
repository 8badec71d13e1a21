package io.sscam;

import io.sscam.engine.Shape;
import org.jspecify.annotations.Nullable;

/** Chooses how an {@link Explainer} works; everything has a default. */
public final class ExplainerBuilder {
  private final Classifier classifier;
  private Method method = Method.ssCam();
  private String layer;
  private long seed;
  private @Nullable Integer batch;
  private ProgressListener progress = (done, total) -> {};

  ExplainerBuilder(Classifier classifier) {
    this.classifier = classifier;
    this.layer = classifier.network().defaultLayer();
  }

  /** Method and options; SS-CAM with the default preset if not given. */
  public ExplainerBuilder method(Method method) {
    this.method = method;
    return this;
  }

  /** The target layer by its name in torchvision, e.g. {@code features.29}. */
  public ExplainerBuilder layer(String layer) {
    this.layer = layer;
    return this;
  }

  /** The seed of the noise, 0 if not given; the same seed gives the same map on every device. */
  public ExplainerBuilder seed(long seed) {
    this.seed = seed;
    return this;
  }

  /**
   * Masked pictures that the device holds at once, what suits it if not given. The map does not
   * depend on it, memory does: where the device has not enough, it is halved and the result says
   * so.
   */
  public ExplainerBuilder batch(int batch) {
    this.batch = batch;
    return this;
  }

  /**
   * Who is told whenever some masked pictures are scored, on the explaining thread: on a GPU after
   * each batch, on the CPU after each worker's part of one. For {@link Explainer#explainAll} of
   * each picture anew, for methods that score none never. A smaller {@link #batch} tells more
   * often, and is cancelled sooner. What the listener throws ends the explanation.
   */
  public ExplainerBuilder progress(ProgressListener progress) {
    this.progress = progress;
    return this;
  }

  /**
   * Opens a session on the device and compiles the net.
   *
   * @throws IllegalArgumentException for a layer or batch that cannot be
   * @throws io.sscam.engine.backend.OutOfDeviceMemoryException if not even one picture fits
   */
  public Explainer open() {
    if (batch != null && (batch < 1 || batch > 65_536)) {
      throw new IllegalArgumentException("batch must be from 1 to 65536, not " + batch);
    }
    Shape shape = classifier.graph().shape(layer);
    if (shape.rank() != 3) {
      throw new IllegalArgumentException(
          "layer \"" + layer + "\" has no picture-like output but " + shape);
    }
    return classifier.parts().open(() -> Explainer.open(classifier, options()), Explainer::part);
  }

  private ExplainerOptions options() {
    int chosen = batch == null ? classifier.backend().suggestedBatch(classifier.model()) : batch;
    return new ExplainerOptions(method, layer, seed, chosen, progress);
  }
}
