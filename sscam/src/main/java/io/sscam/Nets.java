package io.sscam;

import io.sscam.engine.backend.Closing;
import io.sscam.engine.backend.Executable;
import io.sscam.engine.backend.Gradient;
import io.sscam.engine.backend.OutOfDeviceMemoryException;
import io.sscam.engine.backend.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A session with the nets that its explainers' methods need, each compiled when first wanted. */
final class Nets implements AutoCloseable {
  private final Classifier classifier;
  private final String layer;
  private final Session session;
  private final Gate gate = new Gate("explainer");
  private final Parts.Part part = new Parts.Gated(gate, this::close);
  private int batch;
  private volatile boolean cancelled;
  private @Nullable Executable plain;
  private @Nullable Gradient gradient;
  private @Nullable Executable batched;

  /**
   * Opens a session.
   *
   * @param layer the target layer
   * @param batch masked pictures a run, less where the device's memory is too small
   */
  Nets(Classifier classifier, String layer, int batch) {
    this.classifier = classifier;
    this.layer = layer;
    this.batch = batch;
    this.session = classifier.backend().openSession();
  }

  /** Compiles what a method needs, so that its explanations need not. */
  void prepare(Method method) {
    gate.pass(() -> compiled(method));
  }

  private Executable compiled(Method method) {
    Executable one = single(method);
    if (method instanceof Method.Scored) {
      batched();
    }
    return one;
  }

  /** Through which all that uses this must go. */
  Gate gate() {
    return gate;
  }

  Session session() {
    return session;
  }

  /**
   * The net for the picture itself: with the way back if the method differentiates, else with all
   * layers that can be looked at, so that the first in which a value overflows can be named.
   */
  Executable single(Method method) {
    if (differentiates(method)) {
      return gradient();
    }
    if (plain == null) {
      Set<String> keep = new LinkedHashSet<>(classifier.layers());
      keep.add(layer);
      plain = session.compile(classifier.model(), 1, keep);
    }
    return plain;
  }

  /** Whether a method needs the gradient of a logit. */
  boolean differentiates(Method method) {
    boolean weighted =
        method instanceof Method.Scored scored
            && scored.scoring().channelWeight() == Scoring.ChannelWeight.FC
            && !classifier.endsInAverage(layer);
    return weighted || method instanceof Method.GradCam || method instanceof Method.GradCamPlusPlus;
  }

  /** The net with its way back. */
  Gradient gradient() {
    if (gradient == null) {
      gradient = session.differentiate(classifier.model(), layer);
    }
    return gradient;
  }

  /** The net for masked pictures. */
  Executable batched() {
    if (batched == null) {
      batched = compile();
    }
    return batched;
  }

  /** Compiles for a batch, or for half of it and so on where the device's memory is too small. */
  private Executable compile() {
    while (true) {
      try {
        return session.compile(classifier.model(), batch, Set.of());
      } catch (OutOfDeviceMemoryException e) {
        if (batch == 1) {
          throw e;
        }
        batch = batch / 2;
      }
    }
  }

  /** Masked pictures a run. */
  int batch() {
    return batch;
  }

  /** Compiles for half the batch, where that is possible. */
  boolean halve() {
    if (batched == null || batch == 1) {
      return false;
    }
    batched.close();
    batched = null;
    batch = batch / 2;
    batched();
    return true;
  }

  /** Whether what is running is to stop: asked for, or being closed, or interrupted. */
  boolean cancelled() {
    return cancelled || gate.isShut() || Thread.currentThread().isInterrupted();
  }

  /** Asks for it, or takes that back. */
  void cancel(boolean wanted) {
    cancelled = wanted;
  }

  /** Of the classifier. */
  Parts.Part part() {
    return part;
  }

  @Override
  public void close() {
    gate.close(
        () -> {
          List<Runnable> frees = new ArrayList<>();
          for (Executable net : Arrays.asList(batched, plain, gradient)) {
            if (net != null) {
              frees.add(net::close);
            }
          }
          frees.add(session::close);
          frees.add(() -> classifier.parts().remove(part));
          Closing.all(frees);
        });
  }
}
