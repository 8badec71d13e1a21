package io.sscam;

import io.sscam.engine.backend.Closing;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Session;
import io.sscam.nets.RgbImage;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A net that scores inputs as they are. It owns a session on the device; close it when done. One
 * thread at a time may use it, a second one is refused with an {@link IllegalStateException}.
 */
public final class Scorer implements AutoCloseable {
  private final Classifier classifier;
  private final Session session;
  private final Executable net;
  private final int each;
  private final int classes;
  private final Gate gate = new Gate("scorer");
  private final Parts.Part part = new Parts.Gated(gate, this::close);

  Scorer(Classifier classifier, int batch) {
    this.classifier = classifier;
    this.each = classifier.inputShape().elementsAsInt();
    this.classes = classifier.classes();
    this.session = classifier.backend().openSession();
    try {
      this.net = session.compile(classifier.model(), batch, Set.of());
    } catch (RuntimeException | Error e) {
      session.close();
      throw e;
    }
  }

  /** The most inputs at once. */
  public int batch() {
    return net.batch();
  }

  /**
   * The {@code count} most probable classes of a picture, the most probable first.
   *
   * @throws NonFiniteException if the net's values are not finite
   */
  public List<Prediction> classify(RgbImage image, int count) {
    return classifier.predictions(logits(classifier.preprocess(image).tensor().data(), 1), count);
  }

  /**
   * The logits of some inputs.
   *
   * @param inputs (count, C, H, W), normalised, one after the other
   * @param count 1 to {@link #batch()}
   * @return (count, classes)
   */
  public float[] logits(float[] inputs, int count) {
    if (inputs.length != count * each) {
      throw new IllegalArgumentException(
          inputs.length + " values are not " + count + " inputs of " + each);
    }
    return gate.pass(
        () -> {
          session.upload(inputs, net.input());
          net.run(count);
          float[] logits = new float[count * classes];
          session.download(net.logits(), logits);
          return logits;
        });
  }

  /**
   * The probabilities of a class for some inputs.
   *
   * @throws NonFiniteException if a logit is NaN or infinite
   */
  public double[] probabilities(float[] inputs, int count, int classIndex) {
    float[] logits = logits(inputs, count);
    double[] probabilities = new double[count];
    for (int i = 0; i < count; i++) {
      float[] row = Arrays.copyOfRange(logits, i * classes, (i + 1) * classes);
      probabilities[i] = probability(row, classIndex);
    }
    return probabilities;
  }

  /**
   * The probability of a class.
   *
   * @param logits of one input
   * @throws NonFiniteException if a logit is NaN or infinite
   */
  public static double probability(float[] logits, int classIndex) {
    NonFiniteException.check("the logits", logits);
    return Softmax.probability(logits, classIndex);
  }

  /** Frees the session, after what is running. Closing again does nothing. */
  @Override
  public void close() {
    gate.close(
        () ->
            Closing.all(
                List.of(net::close, session::close, () -> classifier.parts().remove(part))));
  }

  Parts.Part part() {
    return part;
  }
}
