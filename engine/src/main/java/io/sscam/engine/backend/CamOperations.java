package io.sscam.engine.backend;

/**
 * The arithmetic of class activation maps. Destinations come last and are allocated by the caller.
 *
 * <p>NaN is never swallowed: what is computed from it is NaN, a range with it is NaN at both ends.
 *
 * <p>Notation: A (K, h, w) activations; X (C, H, W) the picture; U bilinear upsampling to H×W with
 * half-pixel centres and clamped edges (PyTorch's {@code align_corners=False}).
 */
public interface CamOperations {

  /** What the noise of a perturbed sample is added to. */
  enum Noise {
    /** No noise: x = M ⊙ X. */
    NONE,
    /** x = M ⊙ X + τ z, with z over C×H×W. */
    MASKED_INPUT,
    /** x = (M + τ z) ⊙ X, with z over H×W. */
    MASK
  }

  /** The scalar read from a row of logits. */
  enum Score {
    LOGIT,
    /** After softmax over the row. */
    PROBABILITY
  }

  /** How the samples of a channel become one score. */
  enum Aggregate {
    MAX,
    MEAN
  }

  /**
   * The pairs (k, i) of channel and sample that one call of {@link #perturbAndMask} makes: pair p
   * is channel {@code channels[p / samples]}, sample {@code p % samples}.
   *
   * @param first the first pair
   * @param count how many
   * @param samples N, samples per channel
   */
  record Chunk(long first, int count, int samples) {}

  /**
   * Pairs of channel and sample, and what of their logits is their score: pair p is channel {@code
   * channels[p / samples]}, sample {@code p % samples}. What each part is, {@link #perturbAndMask}
   * and {@link #gatherScore} say.
   *
   * @param samples N, samples per channel
   */
  record Pairs(
      Noise noise,
      long seed,
      int samples,
      Tensor channels,
      Tensor maps,
      Tensor affine,
      Tensor image,
      Tensor classes,
      Score score) {}

  /** U(A): maps (K, h, w) → out (K, H, W). */
  void upsampleBilinear(Tensor maps, Tensor out);

  /** Minimum and maximum of every map: maps (K, …) → range (K, 2). */
  void minMax(Tensor maps, Tensor range);

  /** Minimum and maximum of U(A_k) over H×W, which is not written: maps (K, h, w) → (K, 2). */
  void upsampledMinMax(Tensor maps, int height, int width, Tensor range);

  /**
   * Minimum and maximum of M_k ⊙ X, which is not written, where M_k = (U(A_k) − shift_k) · scale_k.
   *
   * @param maps (K, h, w)
   * @param affine (K, 3): shift, scale and, unused here, τ
   * @param image (C, H, W)
   * @param range (K, 2)
   */
  void maskedMinMax(Tensor maps, Tensor affine, Tensor image, Tensor range);

  /** (map − min) / (max − min), and zeros where max = min: maps (K, …), range (K, 2) → out. */
  void normalise(Tensor maps, Tensor range, Tensor out);

  /**
   * The standard normals z(seed, channel, sample) of the project's noise definition
   * (Philox4x32-10), element e of {@code out} in C order being z_e.
   */
  void gaussianNoise(long seed, int channel, int sample, Tensor out);

  /** mask (H, W) times image (C, H, W) → out (C, H, W). */
  void maskMultiply(Tensor mask, Tensor image, Tensor out);

  /**
   * Writes perturbed, masked pictures straight into a net's input: upsampling, normalising, noise
   * and multiplication in one pass.
   *
   * @param noise what the noise is added to
   * @param seed of the noise
   * @param chunk which pairs
   * @param channels I32 (L), the channels in use
   * @param maps (K, h, w)
   * @param affine (K, 3): shift, scale, τ of each channel's mask
   * @param image (C, H, W)
   * @param out (B, C, H, W), rows 0 … count − 1 are written
   */
  void perturbAndMask(
      Noise noise,
      long seed,
      Chunk chunk,
      Tensor channels,
      Tensor maps,
      Tensor affine,
      Tensor image,
      Tensor out);

  /**
   * The scores of some classes from the first rows of logits.
   *
   * @param logits (B, classes)
   * @param count rows to read
   * @param classes I32 (Q)
   * @param scores (Q, P): element (q, first + b) is written from row b
   */
  void gatherScore(
      Tensor logits, int count, Tensor classes, Score score, long first, Tensor scores);

  /**
   * One score a channel, less the baseline's: scores (Q, L·N) and baseline (Q) → out (Q, L).
   *
   * @param samples N; the samples of a channel lie side by side
   */
  void reduceScores(Tensor scores, int samples, Aggregate aggregate, Tensor baseline, Tensor out);

  /** Softmax over every row: rows (Q, L) → out (Q, L). */
  void softmax(Tensor rows, Tensor out);

  /**
   * L_q = ReLU(Σ_l α_ql · A_channels[l]).
   *
   * @param alpha (Q, L)
   * @param channels I32 (L)
   * @param maps (K, h, w)
   * @param out (Q, h, w)
   */
  void weightedSumRelu(Tensor alpha, Tensor channels, Tensor maps, Tensor out);
}
