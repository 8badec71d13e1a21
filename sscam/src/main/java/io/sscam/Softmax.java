package io.sscam;

/** Softmax of one row of logits on the host, in double precision. */
final class Softmax {
  private Softmax() {}

  static double probability(float[] logits, int index) {
    double max = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - max);
    }
    return Math.exp(logits[index] - max) / sum;
  }
}
