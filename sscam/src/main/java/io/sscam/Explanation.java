package io.sscam;

import io.sscam.engine.HostTensor;
import io.sscam.engine.backend.Device;
import io.sscam.engine.backend.Precision;
import io.sscam.nets.Geometry;
import java.util.Optional;

/**
 * A finished map with everything that is needed to read and repeat it. Immutable: the tensors are
 * copied each time that they are asked for, so ask once and not for every pixel. Two explanations
 * are not equal even where all their values are.
 *
 * @param network id of the net
 * @param layer the target layer
 * @param method method and options
 * @param seed of the noise, for this picture
 * @param device where it was computed
 * @param precision of the forward passes
 * @param batch masked pictures at once; less than asked for where the device's memory was too small
 * @param classIndex the class explained
 * @param className its name
 * @param logit f^c before softmax, on the picture itself
 * @param probability after softmax
 * @param baselineScore the score that was subtracted from every channel's
 * @param channels K
 * @param liveChannels channels whose activation is not constant; 0 means that the map is blank
 * @param scoredChannels channels whose masks were scored: the live ones or, where fewer were asked
 *     for, those that vary most; 0 for methods that score nothing
 * @param effectiveChannels exp of the entropy of α⁺/Σα⁺: near K the map is about the plain mean of
 *     the activations, near 1 one channel is the map, or none where no weight is positive
 * @param map L (h, w), at the layer's size
 * @param heatmap s(U(L)) (H, W) in [0, 1], at the input's size
 * @param geometry where the input, and so the heatmap, lies in the picture; empty where a tensor
 *     was explained that no picture is known of
 * @param alpha α (K)
 * @param scores the scores (K, N) of every sample, NaN for a channel that was not scored; (K, 0)
 *     for methods that score nothing
 * @param timings how long it took
 */
public record Explanation(
    String network,
    String layer,
    Method method,
    long seed,
    Device device,
    Precision precision,
    int batch,
    int classIndex,
    String className,
    double logit,
    double probability,
    double baselineScore,
    int channels,
    int liveChannels,
    int scoredChannels,
    double effectiveChannels,
    HostTensor map,
    HostTensor heatmap,
    Optional<Geometry> geometry,
    HostTensor alpha,
    HostTensor scores,
    Timings timings) {

  /**
   * Seconds of wall-clock time; classes explained together share them.
   *
   * @param forwardPasses of the net, for all classes together
   * @param scoringSeconds the loop over the masks
   * @param totalSeconds everything from the input tensor to the map
   */
  public record Timings(long forwardPasses, double scoringSeconds, double totalSeconds) {}

  @Override
  public HostTensor map() {
    return map.copy();
  }

  @Override
  public HostTensor heatmap() {
    return heatmap.copy();
  }

  @Override
  public HostTensor alpha() {
    return alpha.copy();
  }

  @Override
  public HostTensor scores() {
    return scores.copy();
  }

  /** Whether live channels were left out, as {@link Scoring#topChannels()} asked. */
  public boolean choseChannels() {
    return method instanceof Method.Scored && scoredChannels < liveChannels;
  }

  /**
   * Whether the map is all zeros: no channel is live, or nowhere do the channels that raise the
   * score outweigh those that lower it.
   */
  public boolean blank() {
    for (float value : map.data()) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  /** exp(−Σ p ln p) with p = α⁺/Σα⁺. */
  static double effectiveChannels(float[] alpha) {
    double sum = 0;
    for (float a : alpha) {
      sum += Math.max(0, a);
    }
    if (sum == 0) {
      return 1; // exp(0), as in the reference implementation; the map is blank then
    }
    double entropy = 0;
    for (float a : alpha) {
      double p = Math.max(0, a) / sum;
      entropy -= p > 0 ? p * Math.log(p) : 0;
    }
    return Math.exp(entropy);
  }
}
