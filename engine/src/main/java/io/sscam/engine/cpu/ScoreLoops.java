package io.sscam.engine.cpu;

import io.sscam.engine.backend.CamOperations.Aggregate;
import io.sscam.engine.backend.CamOperations.Score;

/** From logits to a map: small sums, in double precision, on the calling thread. */
final class ScoreLoops {
  private ScoreLoops() {}

  /** What is read of a row of logits, and where it goes: see {@code gatherScore}. */
  record Gather(CpuTensor logits, int[] classes, Score score, CpuTensor scores) {
    /** Writes the scores {@code first} … first + count − 1 from the rows {@code row} …. */
    void run(int row, int count, long first) {
      int width = logits.dim(1);
      float[] values = new float[width];
      float[] one = new float[1];
      for (int b = 0; b < count; b++) {
        logits.read((row + b) * width, values, width);
        double logSum = score == Score.PROBABILITY ? logSumExp(values, 0, width) : 0;
        for (int q = 0; q < classes.length; q++) {
          float logit = values[classes[q]];
          one[0] = score == Score.PROBABILITY ? (float) Math.exp(logit - logSum) : logit;
          scores.write(Math.toIntExact((long) q * scores.dim(1) + first + b), one, 1);
        }
      }
    }
  }

  /** ln Σ e^x without overflow; NaN and infinity come through. */
  private static double logSumExp(float[] values, int from, int count) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = from; i < from + count; i++) {
      max = Math.max(max, values[i]);
    }
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += Math.exp(values[i] - max);
    }
    return max + Math.log(sum);
  }

  static void reduce(
      CpuTensor scores, int samples, Aggregate aggregate, CpuTensor baseline, CpuTensor out) {
    float[] all = scores.toArray();
    float[] base = baseline.toArray();
    float[] reduced = new float[out.shape().elementsAsInt()];
    int channels = out.dim(1);
    for (int i = 0; i < reduced.length; i++) {
      double max = Double.NEGATIVE_INFINITY;
      double sum = 0;
      for (int n = 0; n < samples; n++) {
        float value = all[i * samples + n];
        max = Math.max(max, value);
        sum += value;
      }
      double score = aggregate == Aggregate.MAX ? max : sum / samples;
      reduced[i] = (float) (score - base[i / channels]);
    }
    out.write(0, reduced, reduced.length);
  }

  static void softmax(CpuTensor rows, CpuTensor out) {
    float[] values = rows.toArray();
    int width = rows.dim(1);
    for (int start = 0; start < values.length; start += width) {
      double logSum = logSumExp(values, start, width);
      for (int i = start; i < start + width; i++) {
        values[i] = (float) Math.exp(values[i] - logSum);
      }
    }
    out.write(0, values, values.length);
  }

  static void weightedSumRelu(CpuTensor alpha, int[] channels, CpuTensor maps, CpuTensor out) {
    float[] weights = alpha.toArray();
    int plane = maps.dim(1) * maps.dim(2);
    float[] map = new float[plane];
    double[] sums = new double[alpha.dim(0) * plane];
    for (int l = 0; l < channels.length; l++) {
      maps.read(channels[l] * plane, map, plane);
      for (int q = 0; q < alpha.dim(0); q++) {
        double weight = weights[q * channels.length + l];
        for (int i = 0; i < plane; i++) {
          sums[q * plane + i] += weight * map[i];
        }
      }
    }
    float[] result = new float[sums.length];
    for (int i = 0; i < sums.length; i++) {
      result[i] = (float) Math.max(0, sums[i]);
    }
    out.write(0, result, result.length);
  }
}
