package io.sscam;

import io.sscam.engine.backend.Arena;
import io.sscam.engine.backend.CamOperations;
import io.sscam.engine.backend.Session;
import io.sscam.engine.backend.Tensor;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the scoring loop needs to know of every channel before it starts: is it live and scored, how
 * does its map become the perturbed tensor, how strong is its noise.
 *
 * <p>Min-max normalisation commutes with upsampling, so every mask is an affine function of U(A_k):
 * M_k = (U(A_k) − shift_k) · scale_k, with the range of U(A_k) (normalised after) or of A_k itself
 * (before). A channel weight w &lt; 0 turns the mask round; w = 0 leaves nothing of it.
 */
final class MaskPlan {
  private final int channels;
  private final int live;
  private final int[] scored;
  private final float[] mask;
  private final float[] perturbed;

  /**
   * Measures the channels.
   *
   * @param layer the target layer's name, for errors
   * @param maps (K, h, w)
   * @param image (C, H, W)
   * @param channelWeights w (K), or null for none
   * @throws NonFiniteException if the activations hold NaN or infinity
   */
  static MaskPlan measure(
      Session session,
      Arena arena,
      String layer,
      Tensor maps,
      Tensor image,
      Scoring scoring,
      float @Nullable [] channelWeights) {
    int channels = maps.shape().dim(0);
    Tensor range = arena.floats("ranges", channels, 2);
    session.minMax(maps, range);
    float[] own = download(session, range);
    NonFiniteException.check("layer " + layer, own);
    session.upsampledMinMax(maps, image.shape().dim(1), image.shape().dim(2), range);
    float[] upsampled = download(session, range);
    float[] masks = scoring.normalise() == Scoring.Normalise.BEFORE ? own : upsampled;
    int[] live = live(own, masks, channelWeights);
    int[] scored =
        live.length > scoring.topChannels()
            ? TopChannels.of(download(session, maps), channels, live, scoring.topChannels())
            : live;
    MaskPlan plan = new MaskPlan(scoring, live.length, scored, masks, channelWeights);
    if (scoring.noise() == Scoring.Noise.NONE) {
      return plan;
    }
    float[] extents = plan.extents(scoring, upsampled, channelWeights);
    if (scoring.noise() == Scoring.Noise.MASKED_INPUT
        && scoring.sigmaRule() == Scoring.SigmaRule.MULTIPLIER) {
      Tensor affine = arena.floats("masks", channels, 3);
      session.upload(plan.mask, affine);
      session.maskedMinMax(maps, affine, image, range);
      float[] masked = download(session, range);
      for (int k = 0; k < channels; k++) {
        extents[k] = masked[2 * k + 1] - masked[2 * k];
      }
    }
    plan.setNoise(scoring, extents);
    return plan;
  }

  private static int[] live(float[] own, float[] masks, float @Nullable [] channelWeights) {
    return IntStream.range(0, own.length / 2)
        .filter(
            k ->
                own[2 * k + 1] > own[2 * k]
                    && masks[2 * k + 1] > masks[2 * k]
                    && weight(channelWeights, k) != 0)
        .toArray();
  }

  /**
   * Plans the masks of the scored channels.
   *
   * @param range of every channel, by which its mask is normalised (K, 2)
   */
  private MaskPlan(
      Scoring scoring, int live, int[] scored, float[] range, float @Nullable [] channelWeights) {
    this.channels = range.length / 2;
    this.live = live;
    this.scored = scored;
    mask = new float[3 * channels];
    perturbed = new float[3 * channels];
    for (int k : scored) {
      float low = range[2 * k];
      float high = range[2 * k + 1];
      float w = weight(channelWeights, k);
      mask[3 * k] = w > 0 ? low : high;
      mask[3 * k + 1] = (w > 0 ? 1 : -1) / (high - low);
      boolean activation = scoring.noise() == Scoring.Noise.ACTIVATION;
      perturbed[3 * k] = activation ? 0 : mask[3 * k];
      perturbed[3 * k + 1] = activation ? w : mask[3 * k + 1];
    }
  }

  private static float weight(float @Nullable [] channelWeights, int k) {
    return channelWeights == null ? 1 : channelWeights[k];
  }

  private static float[] download(Session session, Tensor tensor) {
    float[] values = new float[tensor.shape().elementsAsInt()];
    session.download(tensor, values);
    return values;
  }

  /** max T_k − min T_k where T_k is the mask or the upsampled activation itself. */
  private float[] extents(Scoring scoring, float[] upsampled, float @Nullable [] channelWeights) {
    float[] extents = new float[channels];
    for (int k : scored) {
      float extent = upsampled[2 * k + 1] - upsampled[2 * k];
      extents[k] =
          scoring.noise() == Scoring.Noise.ACTIVATION
              ? extent * Math.abs(weight(channelWeights, k))
              : extent * Math.abs(mask[3 * k + 1]);
    }
    return extents;
  }

  private void setNoise(Scoring scoring, float[] extents) {
    for (int k : scored) {
      double ratio = extents[k] > 0 ? scoring.sigma() / extents[k] : 0;
      double tau =
          scoring.sigmaRule() == Scoring.SigmaRule.ABSOLUTE ? scoring.sigma() : ratio * ratio;
      perturbed[3 * k + 2] = (float) tau;
    }
  }

  /** How many channels are live. */
  int live() {
    return live;
  }

  /** The channels that are scored, ascending: the live ones, or those of them that vary most. */
  int[] scored() {
    return scored;
  }

  int channels() {
    return channels;
  }

  /** (K, 3): shift, scale and τ of the tensor that receives the noise. */
  float[] perturbed() {
    return perturbed;
  }

  /** (K, 3): shift, scale of S_k · M_k, without noise, for the second pass. */
  float[] maskTimes(float[] scores) {
    float[] scaled = mask.clone();
    for (int l = 0; l < scored.length; l++) {
      scaled[3 * scored[l] + 1] *= scores[l];
    }
    return scaled;
  }

  static CamOperations.Noise operation(Scoring.Noise noise) {
    return switch (noise) {
      case NONE -> CamOperations.Noise.NONE;
      case MASKED_INPUT -> CamOperations.Noise.MASKED_INPUT;
      case MASK, ACTIVATION -> CamOperations.Noise.MASK;
    };
  }
}
