package io.sscam;

import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Gradient;
import io.sscam.engine.backend.OutOfDeviceMemoryException;
import io.sscam.engine.backend.Session;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A session with the nets that an explainer's method needs, compiled once. */
final class Nets implements AutoCloseable {
  private final Classifier classifier;
  private final Session session;
  private final Executable single;
  private @Nullable Executable batched;

  /** Opens a session and compiles; nothing is left open if that fails. */
  Nets(Classifier classifier, ExplainerOptions options) {
    this.classifier = classifier;
    this.session = classifier.backend().openSession();
    Executable one = null;
    try {
      one = single(options);
      if (options.method() instanceof Method.Scored) {
        batched = compile(options.batch());
      }
    } catch (RuntimeException e) {
      if (one != null) {
        one.close();
      }
      session.close();
      throw e;
    }
    this.single = one;
  }

  /**
   * For the picture itself: with the way back if the method differentiates, else with all layers
   * that can be looked at, so that the first in which a value overflows can be named.
   */
  private Executable single(ExplainerOptions options) {
    if (differentiates(classifier, options)) {
      return session.differentiate(classifier.model(), options.layer());
    }
    Set<String> keep = new LinkedHashSet<>(classifier.layers());
    keep.add(options.layer());
    return session.compile(classifier.model(), 1, keep);
  }

  private static boolean differentiates(Classifier classifier, ExplainerOptions options) {
    Method method = options.method();
    boolean weighted =
        method instanceof Method.Scored scored
            && scored.scoring().channelWeight() == Scoring.ChannelWeight.FC
            && !classifier.endsInAverage(options.layer());
    return weighted || method instanceof Method.GradCam || method instanceof Method.GradCamPlusPlus;
  }

  /** Compiles for a batch, or for half of it and so on where the device's memory is too small. */
  private Executable compile(int batch) {
    for (int b = batch; ; b = b / 2) {
      try {
        return session.compile(classifier.model(), b, Set.of());
      } catch (OutOfDeviceMemoryException e) {
        if (b == 1) {
          throw e;
        }
      }
    }
  }

  Session session() {
    return session;
  }

  /** The net for the picture itself. */
  Executable single() {
    return single;
  }

  /** The net for masked pictures. */
  Executable batched() {
    if (batched == null) {
      throw new IllegalStateException("this method scores no masked pictures");
    }
    return batched;
  }

  /** The net with its way back. */
  Gradient gradient() {
    return (Gradient) single;
  }

  boolean hasGradient() {
    return single instanceof Gradient;
  }

  /** Pictures of the largest run. */
  int batch() {
    return batched == null ? 1 : batched.batch();
  }

  /** Compiles for half the batch, where that is possible. */
  boolean halve() {
    if (batched == null || batched.batch() == 1) {
      return false;
    }
    int batch = batched.batch();
    batched.close();
    batched = null;
    batched = compile(batch / 2);
    return true;
  }

  @Override
  public void close() {
    if (batched != null) {
      batched.close();
    }
    single.close();
    session.close();
  }
}
