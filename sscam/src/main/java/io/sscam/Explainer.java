package io.sscam;

import io.sscam.engine.HostTensor;
import io.sscam.engine.backend.OutOfDeviceMemoryException;
import io.sscam.nets.Geometry;
import io.sscam.nets.Preprocess;
import io.sscam.nets.RgbImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

/**
 * Explains pictures with one method. It owns a session on the device and its buffers, which serve
 * all its explanations; close it when done.
 *
 * <p>One thread at a time may use an explainer, a second one is refused with an {@link
 * IllegalStateException}; but any thread may {@link #cancel()} or {@link #close()} it. To explain
 * on several threads, open one explainer a thread: they share the classifier's weights and CPU
 * threads.
 */
public final class Explainer implements AutoCloseable {
  /** What separates the seeds of the pictures of one call. */
  private static final long SEED_STEP = 0x9E3779B97F4A7C15L;

  private final Classifier classifier;
  private final ExplainerOptions options;
  private final Nets nets;
  private final boolean ownsNets;

  private Explainer(Classifier classifier, ExplainerOptions options, Nets nets, boolean ownsNets) {
    this.classifier = classifier;
    this.options = options;
    this.nets = nets;
    this.ownsNets = ownsNets;
    nets.prepare(options.method());
  }

  /** Called through the classifier's parts. */
  static Explainer open(Classifier classifier, ExplainerOptions options) {
    Nets nets = new Nets(classifier, options.layer(), options.batch());
    try {
      return new Explainer(classifier, options, nets, true);
    } catch (RuntimeException | Error e) {
      nets.close();
      throw e;
    }
  }

  /**
   * An explainer of another method on this one's session and buffers: the same thread uses both,
   * and it ends with this one. So methods are compared without the memory of an explainer each.
   */
  public Explainer with(Method method) {
    ExplainerOptions other =
        new ExplainerOptions(
            method, options.layer(), options.seed(), options.batch(), options.progress());
    return new Explainer(classifier, other, nets, false);
  }

  Parts.Part part() {
    return nets.part();
  }

  /** The method that it explains with. */
  public Method method() {
    return options.method();
  }

  /** Masked pictures at once now: what was asked for, or less where memory did not suffice. */
  public int batch() {
    return nets.batch();
  }

  /** Explains the most probable class of a picture. */
  public Explanation explain(RgbImage image) {
    return explain(image, List.of(Target.top())).get(0);
  }

  /**
   * Explains several classes of one picture; they share the forward passes where the options allow
   * it (not with a second pass or channel weights, which make each class's masks its own).
   *
   * @return one explanation a target, in their order
   * @throws IllegalArgumentException for a class that the net does not have
   * @throws NonFiniteException if the net's values are not finite
   * @throws CancellationException after {@link #cancel()} or {@link #close()}, or an interrupt,
   *     which stays set
   * @throws IllegalStateException if it is closed, or at work on another thread
   */
  public List<Explanation> explain(RgbImage image, List<Target> targets) {
    return begin(() -> run(classifier.preprocess(image), targets, options.seed()));
  }

  /** Explains an input that is preprocessed already. */
  public List<Explanation> explain(Preprocess.Result input, List<Target> targets) {
    return explain(input, targets, options.seed());
  }

  /** Explains an input that is preprocessed already, with a seed of its own. */
  public List<Explanation> explain(Preprocess.Result input, List<Target> targets, long seed) {
    return begin(() -> run(input, targets, seed));
  }

  /**
   * Explains a tensor as the net sees it.
   *
   * @param input (1, 3, H, W), normalised
   */
  public List<Explanation> explain(HostTensor input, List<Target> targets, long seed) {
    return begin(() -> run(input, Optional.empty(), targets, seed));
  }

  private <T> T begin(Supplier<T> work) {
    return nets.gate()
        .pass(
            () -> {
              nets.cancel(false);
              return work.get();
            });
  }

  private List<Explanation> run(Preprocess.Result input, List<Target> targets, long seed) {
    return run(input.tensor(), Optional.of(input.geometry()), targets, seed);
  }

  private List<Explanation> run(
      HostTensor input, Optional<Geometry> geometry, List<Target> targets, long seed) {
    while (true) {
      if (nets.cancelled()) {
        throw new CancellationException("the explanation was cancelled");
      }
      try {
        return new Run(classifier, options, nets).explain(input, geometry, targets, seed);
      } catch (OutOfDeviceMemoryException e) {
        // Others may have taken memory since the net was compiled.
        if (!nets.halve()) {
          throw e;
        }
      }
    }
  }

  /**
   * Explains several pictures, one after the other; picture j has the seed {@code seed ⊕ j ·
   * 0x9E3779B97F4A7C15}.
   *
   * @return for each picture one explanation a target
   */
  public List<List<Explanation>> explainAll(List<RgbImage> images, List<Target> targets) {
    return begin(
        () -> {
          List<List<Explanation>> all = new ArrayList<>();
          for (int j = 0; j < images.size(); j++) {
            if (nets.cancelled()) {
              throw new CancellationException(
                  "%d of %d pictures were explained".formatted(j, images.size()));
            }
            Preprocess.Result input = classifier.preprocess(images.get(j));
            all.add(run(input, targets, seed(options.seed(), j)));
          }
          return all;
        });
  }

  /** The seed of picture {@code j} of a call. */
  public static long seed(long seed, int j) {
    return seed ^ (j * SEED_STEP);
  }

  /**
   * Stops the call that is running here or in an explainer of {@link #with}, from any thread, at
   * its next step of progress or picture; one that has not begun yet is not affected. A task of an
   * executor is better stopped by {@code Future.cancel(true)}: an interrupt does the same.
   */
  public void cancel() {
    nets.cancel(true);
  }

  /**
   * Frees the session and its buffers. An explanation that is running is stopped first, as by
   * {@link #cancel()}, and waited for: a user interface's thread should cancel, and leave closing
   * to another. Closing again does nothing, nor does closing what {@link #with} gave.
   *
   * @throws IllegalStateException if called by the progress listener: use {@link #cancel()} there
   */
  @Override
  public void close() {
    if (ownsNets) {
      nets.close();
    }
  }
}
