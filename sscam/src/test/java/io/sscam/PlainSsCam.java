package io.sscam;

import io.sscam.Scoring.Noise;
import io.sscam.engine.backend.CamOperations.Aggregate;
import io.sscam.engine.backend.CamOperations.Score;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * SPEC.md step by step in double precision: nothing fused, nothing batched, no affine shortcut for
 * the masks. The oracle of {@link Explainer}.
 */
final class PlainSsCam {
  /** The net: a picture in, its logits out. */
  @FunctionalInterface
  interface Net {
    double[] logits(double[] input);
  }

  /** A layer's output: [channel][h · w]. */
  record Maps(int height, int width, double[][] values) {
    int channels() {
      return values.length;
    }
  }

  /**
   * What comes out.
   *
   * @param scores (K)(N) of the noisy samples; NaN for channels that are not scored
   */
  record Result(
      double[][] scores,
      double baseline,
      double[] alpha,
      int live,
      int scored,
      double[] map,
      double[] heatmap) {}

  private final Net net;
  private final double[] x;
  private final int height;
  private final int width;
  private final Maps a;
  private final int target;
  private final long seed;

  PlainSsCam(Net net, double[] x, int height, int width, Maps a, int target, long seed) {
    this.net = net;
    this.x = x;
    this.height = height;
    this.width = width;
    this.a = a;
    this.target = target;
    this.seed = seed;
  }

  /**
   * SS-CAM and Score-CAM.
   *
   * @param w the head's weights of the class, used where the options ask for them
   */
  Result explain(Scoring s, double[] w) {
    double[][] scores = new double[a.channels()][s.samples()];
    double[] c = new double[a.channels()];
    boolean fc = s.channelWeight() == Scoring.ChannelWeight.FC;
    List<Integer> live =
        IntStream.range(0, a.channels())
            .filter(k -> range(a.values()[k]) > 0 && !(fc && w[k] == 0))
            .boxed()
            .toList();
    List<Integer> scored =
        live.stream()
            .sorted(Comparator.comparing((Integer k) -> deviation(a.values()[k])).reversed())
            .limit(s.topChannels())
            .toList();
    double baseline = baseline(s);
    for (int k = 0; k < a.channels(); k++) {
      if (!scored.contains(k)) {
        Arrays.fill(scores[k], Double.NaN);
        continue;
      }
      double[] own = fc ? times(a.values()[k], w[k]) : a.values()[k];
      double[] mask =
          s.normalise() == Scoring.Normalise.AFTER
              ? minMax(upsample(own, a.height(), a.width(), height, width))
              : upsample(minMax(own), a.height(), a.width(), height, width);
      scores[k] = sampleScores(s, k, own, mask);
      double score = aggregate(scores[k], s.aggregate());
      if (s.secondPass()) {
        score = score(s, maskMultiply(times(mask, score)));
      }
      c[k] = score - baseline;
    }
    double[] alpha = s.weights() == Scoring.Weights.SOFTMAX ? softmax(c, scored) : c;
    double[] map = combine(alpha);
    return new Result(scores, baseline, alpha, live.size(), scored.size(), map, heatmap(map));
  }

  private static double deviation(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    return Math.sqrt(
        Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow());
  }

  /** CAM: α is given. */
  Result cam(double[] w) {
    double[] alpha = new double[w.length];
    int live = 0;
    for (int k = 0; k < w.length; k++) {
      alpha[k] = w[k];
      live += range(a.values()[k]) > 0 ? 1 : 0;
    }
    double[] map = combine(alpha);
    return new Result(new double[w.length][0], 0, alpha, live, 0, map, heatmap(map));
  }

  private double[] sampleScores(Scoring s, int k, double[] own, double[] mask) {
    double[] t =
        switch (s.noise()) {
          case NONE, MASKED_INPUT -> maskMultiply(mask);
          case MASK -> mask;
          case ACTIVATION -> upsample(own, a.height(), a.width(), height, width);
        };
    double range = range(t);
    double tau = s.sigma();
    if (s.sigmaRule() == Scoring.SigmaRule.MULTIPLIER) {
      tau = range > 0 ? Math.pow(s.sigma() / range, 2) : 0;
    }
    double[] scores = new double[s.samples()];
    for (int i = 0; i < scores.length; i++) {
      double[] noisy = t.clone();
      if (s.noise() != Noise.NONE) {
        double[] z = PlainNoise.normals(seed, k, i, t.length);
        for (int e = 0; e < t.length; e++) {
          noisy[e] += tau * z[e];
        }
      }
      scores[i] = score(s, noisy.length == x.length ? noisy : maskMultiply(noisy));
    }
    return scores;
  }

  private double baseline(Scoring s) {
    return switch (s.baseline()) {
      case ZERO -> score(s, new double[x.length]);
      case INPUT -> score(s, x);
      case NONE -> 0;
    };
  }

  private double score(Scoring s, double[] input) {
    double[] logits = net.logits(input);
    return s.score() == Score.LOGIT ? logits[target] : probability(logits, target);
  }

  static double probability(double[] logits, int target) {
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit - logits[target]);
    }
    return 1 / sum;
  }

  private static double aggregate(double[] scores, Aggregate how) {
    return how == Aggregate.MAX
        ? Arrays.stream(scores).max().orElseThrow()
        : Arrays.stream(scores).sum() / scores.length;
  }

  private static double[] softmax(double[] c, List<Integer> live) {
    double[] alpha = new double[c.length];
    for (int k : live) {
      double sum = 0;
      for (int l : live) {
        sum += Math.exp(c[l] - c[k]);
      }
      alpha[k] = 1 / sum;
    }
    return alpha;
  }

  private double[] combine(double[] alpha) {
    double[] map = new double[a.height() * a.width()];
    for (int e = 0; e < map.length; e++) {
      for (int k = 0; k < alpha.length; k++) {
        map[e] += alpha[k] * a.values()[k][e];
      }
      map[e] = Math.max(0, map[e]);
    }
    return map;
  }

  private double[] heatmap(double[] map) {
    return range(map) == 0
        ? new double[height * width]
        : minMax(upsample(map, a.height(), a.width(), height, width));
  }

  /** mask ⊙ X. */
  private double[] maskMultiply(double[] mask) {
    double[] out = x.clone();
    for (int e = 0; e < out.length; e++) {
      out[e] *= mask[e % mask.length];
    }
    return out;
  }

  private static double[] times(double[] values, double factor) {
    return Arrays.stream(values).map(v -> v * factor).toArray();
  }

  private static double range(double[] values) {
    return Arrays.stream(values).max().orElseThrow() - Arrays.stream(values).min().orElseThrow();
  }

  private static double[] minMax(double[] values) {
    double min = Arrays.stream(values).min().orElseThrow();
    double range = range(values);
    return Arrays.stream(values).map(v -> (v - min) / range).toArray();
  }

  /** Every source element under its tent: 1 − distance to the clamped half-pixel centre. */
  static double[] upsample(double[] map, int h, int w, int height, int width) {
    double[] out = new double[height * width];
    for (int e = 0; e < out.length; e++) {
      double sy = centre(e / width, h, height);
      double sx = centre(e % width, w, width);
      for (int i = 0; i < map.length; i++) {
        int y = i / w;
        int x = i % w;
        double near = Math.max(0, 1 - Math.abs(sy - y)) * Math.max(0, 1 - Math.abs(sx - x));
        out[e] += near * map[i];
      }
    }
    return out;
  }

  private static double centre(int to, int from, int extent) {
    return Math.min(Math.max((to + 0.5) * from / extent - 0.5, 0), from - 1);
  }
}
