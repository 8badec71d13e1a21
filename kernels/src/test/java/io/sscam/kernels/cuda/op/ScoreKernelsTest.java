package io.sscam.kernels.cuda.op;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From logits to a map, against plain loops. */
class ScoreKernelsTest extends OpBench {
  private static final double TOLERANCE = 1e-6;

  private static double[] softmax(float[] row) {
    double max = Double.NEGATIVE_INFINITY;
    for (float v : row) {
      max = Math.max(max, v);
    }
    double[] out = new double[row.length];
    double sum = 0;
    for (int e = 0; e < row.length; e++) {
      out[e] = Math.exp(row[e] - max);
      sum += out[e];
    }
    for (int e = 0; e < row.length; e++) {
      out[e] /= sum;
    }
    return out;
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "5, 10, 3", "4, 1000, 300"})
  void gatherScore(int count, int width, int q) {
    float[] logits = values(count * width);
    int[] classes = IntStream.generate(() -> random.nextInt(width)).limit(q).toArray();
    int first = 3;
    int pairs = count + 5;
    for (boolean probability : new boolean[] {false, true}) {
      long scores = room(4L * q * pairs);
      new GatherScore(modules)
          .run(
              stream,
              device(logits),
              count,
              width,
              device(classes),
              q,
              probability,
              first,
              pairs,
              scores);
      double[] expected = new double[q * pairs];
      Arrays.fill(expected, Double.NaN); // not to be written
      for (int b = 0; b < count; b++) {
        float[] row = Arrays.copyOfRange(logits, b * width, (b + 1) * width);
        double[] all = softmax(row);
        for (int j = 0; j < q; j++) {
          expected[j * pairs + first + b] = probability ? all[classes[j]] : row[classes[j]];
        }
      }
      near("scores", floats(scores, q * pairs), expected, TOLERANCE);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "3, 70, 10", "2, 300, 7"})
  void reduceScores(int q, int live, int samples) {
    float[] scores = values(q * live * samples);
    float[] baseline = values(q);
    for (boolean mean : new boolean[] {false, true}) {
      long out = room(4L * q * live);
      new ReduceScores(modules)
          .run(stream, device(scores), q, live, samples, mean, device(baseline), out);
      double[] expected = new double[q * live];
      for (int e = 0; e < expected.length; e++) {
        double max = Double.NEGATIVE_INFINITY;
        double sum = 0;
        for (int s = 0; s < samples; s++) {
          max = Math.max(max, scores[e * samples + s]);
          sum += scores[e * samples + s];
        }
        expected[e] = (mean ? sum / samples : max) - baseline[e / live];
      }
      near("C", floats(out, q * live), expected, TOLERANCE);
    }
  }

  @Test
  void softmaxMayBeInPlace() {
    float[] rows = values(3 * 517);
    long device = device(rows);
    new Softmax(modules).run(stream, device, 3, 517, device);
    double[] expected = new double[rows.length];
    for (int q = 0; q < 3; q++) {
      double[] one = softmax(Arrays.copyOfRange(rows, q * 517, (q + 1) * 517));
      System.arraycopy(one, 0, expected, q * 517, 517);
    }
    near("softmax", floats(device, rows.length), expected, TOLERANCE);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1, 1, 1", "2, 512, 500, 7, 7", "1, 64, 33, 13, 13", "3, 5, 2, 5, 9"})
  void weightedSumRelu(int q, int k, int live, int h, int w) {
    float[] alpha = values(q * live);
    float[] maps = values(k * h * w);
    int[] channels = IntStream.range(0, live).map(l -> k - 1 - l).toArray();
    long out = room(4L * q * h * w);
    new WeightedSumRelu(modules)
        .run(stream, device(alpha), device(channels), device(maps), q, live, h, w, out);
    double[] expected = new double[q * h * w];
    for (int e = 0; e < expected.length; e++) {
      double sum = 0;
      for (int l = 0; l < live; l++) {
        sum += (double) alpha[e / (h * w) * live + l] * maps[channels[l] * h * w + e % (h * w)];
      }
      expected[e] = Math.max(0, sum);
    }
    near("L", floats(out, q * h * w), expected, live * TOLERANCE);
  }
}
