package io.sscam.evaluate;

import org.jspecify.annotations.Nullable;

/**
 * One way to explain a picture: a method with its options and a seed.
 *
 * @param id unique in a run: {@code ss-cam/default/sigma=1/n=10}; another seed is another variant
 *     with another id
 * @param title as people read it; variants that differ in seed alone share it
 * @param method {@code ss-cam}, {@code grad-cam}, {@code mean-activation}, …
 * @param preset the named set of options, where the method has some
 * @param sigma σ, where the method has noise
 * @param samples N, where the method has noise
 * @param topChannels how many channels are scored at most, where that is fewer than all
 * @param seed of the run's noise
 * @param control whether it is no explanation but a yardstick: uniform, centred Gaussian, …
 */
public record Variant(
    String id,
    String title,
    String method,
    @Nullable String preset,
    @Nullable Double sigma,
    @Nullable Integer samples,
    @Nullable Integer topChannels,
    long seed,
    boolean control) {

  /** The control whose map is the plain mean of the activations. */
  public static final String MEAN_ACTIVATION = "mean-activation";

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a name is blank or too long, σ is negative or not finite,
   *     or N or the number of channels is below 1
   */
  public Variant {
    Checks.name("a variant's id", id);
    Checks.name("a variant's title", title);
    Checks.name("a variant's method", method);
    if (preset != null) {
      Checks.name("a variant's preset", preset);
    }
    if (sigma != null) {
      Checks.atLeastZero("σ", sigma);
    }
    if (samples != null && samples < 1) {
      throw new IllegalArgumentException("N is at least 1, not " + samples);
    }
    if (topChannels != null && topChannels < 1) {
      throw new IllegalArgumentException("channels are at least 1, not " + topChannels);
    }
  }
}
