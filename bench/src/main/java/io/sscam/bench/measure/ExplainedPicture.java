package io.sscam.bench.measure;

import io.sscam.Classifier;
import io.sscam.Explainer;
import io.sscam.Explanation;
import io.sscam.Method;
import io.sscam.Scoring;
import io.sscam.Target;
import io.sscam.engine.HostTensor;
import io.sscam.engine.Shape;
import io.sscam.engine.backend.Backend;
import io.sscam.engine.backend.CamOperations.Score;
import io.sscam.engine.backend.Precision;
import java.io.IOException;
import java.util.List;

/**
 * The explanation that is timed: SS-CAM's default preset with some N, by the demo model, which is a
 * whole SqueezeNet 1.0 and needs no download.
 *
 * @param backend where
 * @param side of the picture
 */
public record ExplainedPicture(Backend backend, Precision precision, int side) {
  private static final long SEED = 20260101;
  private static final float[] YELLOW = {2.2f, 1.5f, -1.5f};
  private static final float WHITE = 2.4f;

  public Classifier open() {
    try {
      return Classifier.builder()
          .backend(backend)
          .precision(precision)
          .inputSize(side, side)
          .open();
    } catch (IOException e) { // the model lies in the jar
      throw new IllegalStateException(e);
    }
  }

  public static Method method(int samples) {
    return new Method.SsCam("default", Scoring.preset("default").withSamples(samples));
  }

  public static Explanation explain(Classifier classifier, Explainer explainer) {
    Shape shape = classifier.inputShape();
    HostTensor disc = new HostTensor(shape.withBatch(1), disc(shape.dim(1)));
    return explainer.explain(disc, List.of(Target.top()), SEED).get(0);
  }

  /** A yellow disc on white, normalised: the demo model knows such things. */
  private static float[] disc(int side) {
    float[] picture = new float[YELLOW.length * side * side];
    for (int e = 0; e < picture.length; e++) {
      double x = (e % side + 0.5) / side - 0.5;
      double y = (e / side % side + 0.5) / side - 0.5;
      picture[e] = x * x + y * y < 0.16 ? YELLOW[e / (side * side)] : WHITE;
    }
    return picture;
  }

  /** An explanation for a layer of few channels, with N = 1 and logits as scores. */
  Explanation small() {
    Scoring logits = Scoring.preset("default").withSamples(1).withScore(Score.LOGIT);
    try (Classifier classifier = open();
        Explainer explainer =
            classifier
                .explainer()
                .method(new Method.SsCam("default", logits))
                .layer(classifier.layers().get(0))
                .open()) {
      return explain(classifier, explainer);
    }
  }
}
