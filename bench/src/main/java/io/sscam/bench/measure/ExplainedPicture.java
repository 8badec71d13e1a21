package io.sscam.bench.measure;

import io.sscam.Classifier;
import io.sscam.Explainer;
import io.sscam.Explanation;
import io.sscam.Method;
import io.sscam.Scoring;
import io.sscam.Target;
import io.sscam.engine.HostTensor;
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
record ExplainedPicture(Backend backend, Precision precision, int side) {
  private static final long SEED = 20260101;

  Classifier open() {
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

  static Method method(int samples) {
    return new Method.SsCam("default", Scoring.preset("default").withSamples(samples));
  }

  static Explanation explain(Classifier classifier, Explainer explainer) {
    HostTensor picture =
        new HostTensor(
            classifier.inputShape().withBatch(1),
            Workbench.uniform("picture", classifier.inputShape().elementsAsInt()));
    return explainer.explain(picture, List.of(Target.top()), SEED).get(0);
  }

  /**
   * The scores (K, N) of all masked pictures for a layer of few channels, as logits: what the loop
   * computes, before it is weighed.
   */
  float[] scores() {
    Scoring logits = Scoring.preset("default").withSamples(2).withScore(Score.LOGIT);
    try (Classifier classifier = open();
        Explainer explainer =
            classifier
                .explainer()
                .method(new Method.SsCam("default", logits))
                .layer(classifier.layers().get(0))
                .open()) {
      return explain(classifier, explainer).scores().data();
    }
  }
}
