package io.sscam;

import io.sscam.engine.backend.CamOperations.Aggregate;
import io.sscam.engine.backend.CamOperations.Score;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How a channel is scored: every option of SS-CAM and Score-CAM (Naidu and Michael, arXiv
 * 2006.14255; Wang et al., arXiv 1910.01279). The paper contradicts itself in places; there each
 * reading is an option, and {@link #presets()} names the usual combinations.
 *
 * <p>With A_k a channel of the target layer, U bilinear upsampling, s min-max normalisation, M_k =
 * s(U(A_k)) the mask and X the picture:
 *
 * @param noise what the noise is added to
 * @param sigma σ, the noise parameter, at least 0
 * @param sigmaRule how σ becomes a standard deviation
 * @param samples N, noisy samples a channel, at least 1; without noise exactly 1
 * @param aggregate how the samples' scores become one
 * @param score f^c: the logit of the class or its probability
 * @param baseline the picture whose score is subtracted
 * @param weights how scores become the weights α of the channels
 * @param channelWeight what a channel is multiplied by before its mask is made
 * @param secondPass whether each channel is scored once more, on its mask times its own score
 * @param normalise whether the mask is normalised before or after upsampling
 * @param topChannels how many channels are scored at most, at least 1: those whose A_k has the
 *     largest standard deviation over its cells, as in Faster Score-CAM
 *     (github.com/tabayashi0117/Score-CAM); the others have no weight, as if they were dead. Of
 *     channels that vary nearly alike another device or precision may choose another one
 */
public record Scoring(
    Noise noise,
    double sigma,
    SigmaRule sigmaRule,
    int samples,
    Aggregate aggregate,
    Score score,
    Baseline baseline,
    Weights weights,
    ChannelWeight channelWeight,
    boolean secondPass,
    Normalise normalise,
    int topChannels) {

  /** The value of {@link #topChannels} with which every live channel is scored. */
  public static final int ALL_CHANNELS = Integer.MAX_VALUE;

  /** The tensor T_k that receives the noise. */
  public enum Noise {
    /** None: Score-CAM. */
    NONE,
    /** T_k = M_k ⊙ X (Algorithm 1). */
    MASKED_INPUT,
    /** T_k = M_k, the sum is then multiplied by X (Equation 15). */
    MASK,
    /** T_k = U(A_k), the sum is then multiplied by X (Equation 11, "Approach 1"). */
    ACTIVATION
  }

  /** How σ becomes the standard deviation τ_k. */
  public enum SigmaRule {
    /** τ_k = (σ / (max T_k − min T_k))², as in the first author's code; 0 where T_k is constant. */
    MULTIPLIER,
    /** τ_k = σ. */
    ABSOLUTE
  }

  /** X_b, whose score is subtracted. */
  public enum Baseline {
    /** All zeros after preprocessing. */
    ZERO,
    /** The picture itself. */
    INPUT,
    /** Nothing is subtracted. */
    NONE
  }

  /** α from the channels' scores C. */
  public enum Weights {
    /** α = C. */
    RAW,
    /** α = softmax of C over the scored channels. */
    SOFTMAX
  }

  /**
   * w_k, which scales a map before min-max: it cancels where positive and inverts the mask else.
   */
  public enum ChannelWeight {
    NONE,
    /**
     * The class's weight of channel k where the net ends in a global average and one fully
     * connected layer, else the mean over (y, x) of the gradient of its logit.
     */
    FC
  }

  /** The order of min-max and upsampling. */
  public enum Normalise {
    /** M_k = s(U(A_k)) (Algorithm 1). */
    AFTER,
    /** M_k = U(s(A_k)), torch-cam's order. */
    BEFORE
  }

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException naming what is out of range
   */
  public Scoring {
    if (!(sigma >= 0 && sigma <= 1e6)) {
      throw new IllegalArgumentException("sigma must be from 0 to 1e6, not " + sigma);
    }
    if (samples < 1 || samples > 1_000_000) {
      throw new IllegalArgumentException("samples must be from 1 to 1000000, not " + samples);
    }
    if (noise == Noise.NONE && samples != 1) {
      throw new IllegalArgumentException(
          "without noise all samples are the same: use 1, not " + samples);
    }
    if (topChannels < 1) {
      throw new IllegalArgumentException("at least 1 channel must be scored, not " + topChannels);
    }
  }

  private static final Map<String, Scoring> PRESETS = new LinkedHashMap<>();
  private static final Scoring PAPER =
      new Scoring(
          Noise.MASKED_INPUT,
          4,
          SigmaRule.MULTIPLIER,
          10,
          Aggregate.MAX,
          Score.PROBABILITY,
          Baseline.ZERO,
          Weights.RAW,
          ChannelWeight.NONE,
          false,
          Normalise.AFTER,
          ALL_CHANNELS);

  static {
    // Of the paper's readings what came out best: docs/reproduction.md.
    PRESETS.put("default", PAPER.withSigma(1));
    PRESETS.put("paper", PAPER);
    PRESETS.put("paper-mean", PAPER.withNoise(Noise.ACTIVATION).withAggregate(Aggregate.MEAN));
    PRESETS.put("equation-15", PAPER.withNoise(Noise.MASK).withSigmaRule(SigmaRule.ABSOLUTE));
    PRESETS.put("algorithm-1", PAPER.withScore(Score.LOGIT).withWeights(Weights.SOFTMAX));
    PRESETS.put(
        "literal",
        PAPER
            .withSamples(9)
            .withWeights(Weights.SOFTMAX)
            .withChannelWeight(ChannelWeight.FC)
            .withSecondPass(true));
    PRESETS.put(
        "author",
        PAPER
            .withSigma(2)
            .withSamples(35)
            .withAggregate(Aggregate.MEAN)
            .withBaseline(Baseline.NONE));
    PRESETS.put(
        "torch-cam",
        PAPER
            .withNoise(Noise.MASK)
            .withSigma(2)
            .withSigmaRule(SigmaRule.ABSOLUTE)
            .withSamples(35)
            .withAggregate(Aggregate.MEAN)
            .withScore(Score.LOGIT)
            .withBaseline(Baseline.INPUT)
            .withWeights(Weights.SOFTMAX)
            .withNormalise(Normalise.BEFORE));
  }

  /** The named combinations for SS-CAM, the default one first. */
  public static Map<String, Scoring> presets() {
    return Collections.unmodifiableMap(PRESETS);
  }

  /**
   * One of {@link #presets()}.
   *
   * @throws IllegalArgumentException for an unknown name; the message lists the known ones
   */
  public static Scoring preset(String name) {
    Scoring preset = PRESETS.get(name.toLowerCase(Locale.ROOT));
    if (preset == null) {
      throw new IllegalArgumentException(
          "there is no preset \""
              + name
              + "\"; use one of: "
              + String.join(", ", PRESETS.keySet()));
    }
    return preset;
  }

  /** Score-CAM as torch-cam and pytorch-grad-cam compute it: no noise, logits, softmax. */
  public static Scoring scoreCam() {
    return new Scoring(
        Noise.NONE,
        0,
        SigmaRule.ABSOLUTE,
        1,
        Aggregate.MAX,
        Score.LOGIT,
        Baseline.ZERO,
        Weights.SOFTMAX,
        ChannelWeight.NONE,
        false,
        Normalise.AFTER,
        ALL_CHANNELS);
  }

  /** With another noise; without any N becomes 1, since all samples would be the same. */
  public Scoring withNoise(Noise value) {
    return with(
        draft -> {
          draft.noise = value;
          draft.samples = value == Noise.NONE ? 1 : draft.samples;
        });
  }

  public Scoring withSigma(double value) {
    return with(draft -> draft.sigma = value);
  }

  public Scoring withSigmaRule(SigmaRule value) {
    return with(draft -> draft.sigmaRule = value);
  }

  public Scoring withSamples(int value) {
    return with(draft -> draft.samples = value);
  }

  public Scoring withAggregate(Aggregate value) {
    return with(draft -> draft.aggregate = value);
  }

  public Scoring withScore(Score value) {
    return with(draft -> draft.score = value);
  }

  public Scoring withBaseline(Baseline value) {
    return with(draft -> draft.baseline = value);
  }

  public Scoring withWeights(Weights value) {
    return with(draft -> draft.weights = value);
  }

  public Scoring withChannelWeight(ChannelWeight value) {
    return with(draft -> draft.channelWeight = value);
  }

  public Scoring withSecondPass(boolean value) {
    return with(draft -> draft.secondPass = value);
  }

  public Scoring withNormalise(Normalise value) {
    return with(draft -> draft.normalise = value);
  }

  public Scoring withTopChannels(int value) {
    return with(draft -> draft.topChannels = value);
  }

  private Scoring with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.finish();
  }

  /** The same options, open to change. */
  private static final class Draft {
    Noise noise;
    double sigma;
    SigmaRule sigmaRule;
    int samples;
    Aggregate aggregate;
    Score score;
    Baseline baseline;
    Weights weights;
    ChannelWeight channelWeight;
    boolean secondPass;
    Normalise normalise;
    int topChannels;

    Draft(Scoring start) {
      noise = start.noise;
      sigma = start.sigma;
      sigmaRule = start.sigmaRule;
      samples = start.samples;
      aggregate = start.aggregate;
      score = start.score;
      baseline = start.baseline;
      weights = start.weights;
      channelWeight = start.channelWeight;
      secondPass = start.secondPass;
      normalise = start.normalise;
      topChannels = start.topChannels;
    }

    Scoring finish() {
      return new Scoring(
          noise,
          sigma,
          sigmaRule,
          samples,
          aggregate,
          score,
          baseline,
          weights,
          channelWeight,
          secondPass,
          normalise,
          topChannels);
    }
  }
}
