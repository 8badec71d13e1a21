package io.sscam;

import io.sscam.Scoring.Baseline;
import io.sscam.Scoring.ChannelWeight;
import io.sscam.Scoring.Noise;
import io.sscam.Scoring.Normalise;
import io.sscam.Scoring.SigmaRule;
import io.sscam.Scoring.Weights;
import io.sscam.engine.backend.CamOperations.Aggregate;
import io.sscam.engine.backend.CamOperations.Score;
import java.util.Arrays;

/** SS-CAM written down step by step in double precision, nothing fused, nothing shared. */
final class PlainSsCam {
  private static final int PLANE = TinyNet.HEIGHT * TinyNet.WIDTH;

  private final TinyNet net;
  private final Scoring scoring;
  private final double[] x;
  private final int c;
  private final long seed;

  /** Scores [K][N] (NaN where dead), α [K] and L [h·w]. */
  record Result(double[][] scores, double[] alpha, double[] map, double[] heatmap) {}

  PlainSsCam(TinyNet net, Scoring scoring, double[] x, int c, long seed) {
    this.net = net;
    this.scoring = scoring;
    this.x = x;
    this.c = c;
    this.seed = seed;
  }

  Result run() {
    double[][] a = net.activations(x);
    int channels = a.length;
    double[][] scores = new double[channels][scoring.samples()];
    double[] reduced = new double[channels];
    double base = baseline();
    for (int k = 0; k < channels; k++) {
      if (max(a[k]) == min(a[k])) {
        Arrays.fill(scores[k], Double.NaN);
        reduced[k] = Double.NaN;
      } else {
        reduced[k] = channel(k, a[k], scores[k]) - base;
      }
    }
    double[] alpha = scoring.weights() == Weights.RAW ? raw(reduced) : softmax(reduced);
    return new Result(scores, alpha, combine(alpha, a), heatmap(combine(alpha, a)));
  }

  private double channel(int k, double[] a, double[] scores) {
    double weight =
        scoring.channelWeight() == ChannelWeight.FC
            ? net.read("fc.weight").data()[c * TinyNet.CHANNELS + k]
            : 1;
    double[] weighted = Arrays.stream(a).map(v -> weight * v).toArray();
    double[] up = upsample(weighted);
    double[] mask =
        scoring.normalise() == Normalise.AFTER ? normalise(up) : upsample(normalise(weighted));
    double[] t =
        switch (scoring.noise()) {
          case NONE, MASKED_INPUT -> times(mask);
          case MASK -> mask;
          case ACTIVATION -> up;
        };
    double ratio = max(t) > min(t) ? scoring.sigma() / (max(t) - min(t)) : 0;
    double tau = scoring.sigmaRule() == SigmaRule.ABSOLUTE ? scoring.sigma() : ratio * ratio;
    double best = Double.NEGATIVE_INFINITY;
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      double[] noisy = t.clone();
      if (scoring.noise() != Noise.NONE) {
        for (int e = 0; e < t.length; e++) {
          noisy[e] += tau * normal(seed, k, i, e);
        }
      }
      scores[i] = score(noisy.length == PLANE ? times(noisy) : noisy);
      best = Math.max(best, scores[i]);
      sum += scores[i];
    }
    double s = scoring.aggregate() == Aggregate.MAX ? best : sum / scores.length;
    if (scoring.secondPass()) {
      double first = s;
      s = score(times(Arrays.stream(mask).map(m -> m * first).toArray()));
    }
    return s;
  }

  private double baseline() {
    return scoring.baseline() == Baseline.NONE
        ? 0
        : score(scoring.baseline() == Baseline.INPUT ? x : new double[x.length]);
  }

  private double score(double[] input) {
    double[] logits = net.logits(input);
    if (scoring.score() == Score.LOGIT) {
      return logits[c];
    }
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit - logits[c]);
    }
    return 1 / sum;
  }

  /** A mask (H, W) times the picture. */
  private double[] times(double[] mask) {
    double[] out = new double[x.length];
    for (int e = 0; e < x.length; e++) {
      out[e] = mask[e % PLANE] * x[e];
    }
    return out;
  }

  private static double[] raw(double[] scores) {
    return Arrays.stream(scores).map(s -> Double.isNaN(s) ? 0 : s).toArray();
  }

  private static double[] softmax(double[] scores) {
    double sum = Arrays.stream(scores).filter(s -> !Double.isNaN(s)).map(Math::exp).sum();
    return Arrays.stream(scores).map(s -> Double.isNaN(s) ? 0 : Math.exp(s) / sum).toArray();
  }

  static double[] combine(double[] alpha, double[][] a) {
    double[] map = new double[a[0].length];
    for (int e = 0; e < map.length; e++) {
      for (int k = 0; k < a.length; k++) {
        map[e] += alpha[k] * a[k][e];
      }
      map[e] = Math.max(0, map[e]);
    }
    return map;
  }

  static double[] heatmap(double[] map) {
    return normalise(upsample(map));
  }

  /** Bilinear, half-pixel centres, edges clamped. */
  private static double[] upsample(double[] map) {
    int h = TinyNet.mapHeight();
    int w = TinyNet.mapWidth();
    double[] out = new double[PLANE];
    for (int e = 0; e < PLANE; e++) {
      int row = e / TinyNet.WIDTH;
      double y = Math.max(0, (row + 0.5) * h / TinyNet.HEIGHT - 0.5);
      double z = Math.max(0, (e % TinyNet.WIDTH + 0.5) * w / TinyNet.WIDTH - 0.5);
      int y0 = (int) y;
      int z0 = (int) z;
      int y1 = Math.min(y0 + 1, h - 1);
      int z1 = Math.min(z0 + 1, w - 1);
      double top = map[y0 * w + z0] * (1 - (z - z0)) + map[y0 * w + z1] * (z - z0);
      double bottom = map[y1 * w + z0] * (1 - (z - z0)) + map[y1 * w + z1] * (z - z0);
      out[e] = top * (1 - (y - y0)) + bottom * (y - y0);
    }
    return out;
  }

  private static double[] normalise(double[] map) {
    double low = min(map);
    double extent = max(map) - low;
    return Arrays.stream(map).map(v -> extent == 0 ? 0 : (v - low) / extent).toArray();
  }

  private static double min(double[] values) {
    return Arrays.stream(values).min().orElseThrow();
  }

  private static double max(double[] values) {
    return Arrays.stream(values).max().orElseThrow();
  }

  /** Element e of z(seed, k, i): Philox4x32-10, then Box–Muller on 24-bit fractions. */
  private static double normal(long seed, int k, int i, int e) {
    long[] r = {e / 4, i, k, 0};
    long key0 = seed & 0xFFFFFFFFL;
    long key1 = seed >>> 32;
    for (int round = 0; round < 10; round++) {
      long p0 = 0xD2511F53L * r[0];
      long p1 = 0xCD9E8D57L * r[2];
      r =
          new long[] {
            (p1 >>> 32) ^ r[1] ^ key0, p1 & 0xFFFFFFFFL, (p0 >>> 32) ^ r[3] ^ key1, p0 & 0xFFFFFFFFL
          };
      key0 = (key0 + 0x9E3779B9L) & 0xFFFFFFFFL;
      key1 = (key1 + 0xBB67AE85L) & 0xFFFFFFFFL;
    }
    int pair = e % 4 / 2 * 2;
    double u = ((r[pair] >>> 8) + 1) * 0x1p-24;
    double v = (r[pair + 1] >>> 8) * 0x1p-24;
    double rho = Math.sqrt(-2 * StrictMath.log(u));
    return rho * (e % 2 == 0 ? StrictMath.cos(2 * Math.PI * v) : StrictMath.sin(2 * Math.PI * v));
  }
}
